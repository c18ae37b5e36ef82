//! `sluice agency add` and `sluice agency credit`

use std::sync::Arc;

use billing::{Money, ledger::rules::Adjusted};

use super::{
    End,
    args::{AgencyAddArgs, AgencyCreditArgs},
    database::DatabaseUrl,
    import::operator,
};
use crate::{
    deps::{Clock as _, SystemClock, SystemEntropy},
    execute::{ExecuteError, Tools, books, people},
    storage::{Scope, StorageError, Transaction, audit::AuditRow},
};

/// Makes an agency and prints its id.
pub async fn add(args: AgencyAddArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open()?;
    let tools = Tools { now: SystemClock.now(), entropy: Arc::new(SystemEntropy) };
    let write = move |tx: &mut dyn Transaction| {
        let scope = people::create_agency(tx, &tools, &args.name, args.currency, tools.now)?;
        let after = serde_json::json!({ "name": args.name, "currency": args.currency });
        let audit = AuditRow {
            after: Some(after.to_string()),
            ..operator().did("create_agency", tools.now)
        };
        tx.insert_audit(scope, &audit)?;
        Ok::<_, ExecuteError>(scope)
    };
    let scope = store.write(write).await.map_err(End::failed)?;
    println!("{}", scope.agency());
    Ok(())
}

/// Corrects an agency's balance by hand and prints what it is now.
pub async fn credit(args: AgencyCreditArgs, database: &DatabaseUrl) -> Result<(), End> {
    let store = database.open_existing()?;
    let scope = Scope::of(args.agency);
    let agency = store.read(move |tx: &mut dyn Transaction| tx.agency(scope)).await;
    let Some(agency) = agency.map_err(|error: StorageError| End::failed(error))? else {
        return Err(End::Failed(format!("there is no agency {}", args.agency)));
    };
    let amount = Money::parse_wire(&args.amount, agency.currency)
        .map_err(|error| End::Usage(format!("--amount: {error}")))?;
    let now = SystemClock.now();
    let write = move |tx: &mut dyn Transaction| {
        let (whose, reference) = (Adjusted::Agency, args.reference.clone());
        books::adjust(tx, scope, whose, amount, reference, now, &operator())?;
        Ok::<_, ExecuteError>(tx.agency(scope)?.ok_or(ExecuteError::NotFound)?.balance)
    };
    let balance = store.write(write).await.map_err(End::failed)?;
    println!("the balance is {balance}");
    Ok(())
}
