//! *What will happen*: the plan of a command, computed by the very rules that the server will apply.

use billing::{
    funding::Payer,
    plan::{BalanceLine, Plan},
};
use leptos::prelude::*;

use super::amount::exact_text;
use crate::ui::{MomentLine, Moments};

/// The moments, and the balances before and after; nothing when there is no plan.
#[component]
pub fn PlanPanel(
    /// The plan, unless the rules refuse.
    #[prop(into)]
    plan: Signal<Option<Plan>>,
) -> impl IntoView {
    let moments = move || {
        let plan = plan.get();
        let line = |moment: billing::plan::Moment| MomentLine {
            title: moment.title,
            detail: moment.detail,
        };
        plan.map(|plan| plan.moments.into_iter().map(line).collect()).unwrap_or_default()
    };
    let balances = move || plan.get().map(|plan| plan.balances).unwrap_or_default();
    view! {
        <Show when=move || plan.with(Option::is_some)>
            <section class="plan" aria-labelledby="plan-title">
                <h2 id="plan-title">"What will happen"</h2>
                <Moments moments=Signal::derive(moments) />
                <Show when=move || !balances().is_empty()>
                    <dl class="balance-lines">
                        {move || balances().into_iter().map(line).collect_view()}
                    </dl>
                </Show>
            </section>
        </Show>
    }
}

fn line(line: BalanceLine) -> impl IntoView {
    let of = match line.of {
        Payer::Agency => "Agency balance",
        Payer::Customer => "Customer's balance",
    };
    view! {
        <div>
            <dt>{of}</dt>
            <dd>
                <span>{exact_text(line.before)}</span>
                <span class="arrow" aria-label="becomes" role="img">"→"</span>
                <strong>{exact_text(line.after)}</strong>
            </dd>
        </div>
    }
}
