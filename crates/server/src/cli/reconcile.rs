//! `sluice reconcile`

use super::{End, args::ReconcileArgs, database::DatabaseUrl, gateway::asked};
use crate::{
    gateway::stripe::Stripe,
    reconcile::{Report, reconcile},
};

/// The columns of the table.
const COLUMNS: [&str; 4] = ["What", "Our books", "The gateway", "What to do"];

/// Compares both sides and prints what differs.
pub async fn run(args: &ReconcileArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let gateway = Stripe::new(&asked(&args.gateway)?).map_err(End::failed)?;
    let report = reconcile(&store, &gateway).await.map_err(End::failed)?;
    if args.json {
        println!("{}", serde_json::to_string(&report).map_err(End::failed)?);
    } else {
        print(&report);
    }
    if report.ok { Ok(()) } else { Err(End::Broken) }
}

/// A table for people: nothing but its last line when nothing differs.
fn print(report: &Report) {
    let rows: Vec<[&str; 4]> = report
        .differences
        .iter()
        .map(|one| [one.about.as_str(), &one.ours, &one.theirs, one.advice])
        .collect();
    if !rows.is_empty() {
        let rows: Vec<_> = [COLUMNS].into_iter().chain(rows).collect();
        let width = |column: usize| {
            rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let [about, ours, theirs] = [width(0), width(1), width(2)];
        for [what, here, there, advice] in &rows {
            println!("{what:about$}  {here:ours$}  {there:theirs$}  {advice}");
        }
        println!();
    }
    let Report { payments, intents, refunds, disputes, cards, differences, .. } = report;
    let verdict = match differences.len() {
        0 => "nothing differs".to_owned(),
        1 => "1 difference".to_owned(),
        more => format!("{more} differences"),
    };
    println!(
        "{payments} payments here, {intents} PaymentIntents, {refunds} refunds, {disputes} disputes and {cards} cards at the gateway: {verdict}"
    );
}
