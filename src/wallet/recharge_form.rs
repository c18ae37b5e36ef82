//! Setting the auto-recharge up: when, how much, the most of a day; what that would have charged; and the yes to it, in a box of its own.

use billing::{
    api::FieldProblem,
    drafts::{RechargeDraft, RechargeKind},
    wallet::RechargeSettings,
};
use leptos::{ev, prelude::*};

use super::{
    parts::{go, section_id},
    preview::preview,
    recharge::card_label,
    task::Task,
    till::Till,
};
use crate::{
    browser,
    ui::{Button, Field, Kind},
};

/// The first field, which takes the focus when the form opens.
pub const FIRST: &str = "recharge-below";
const AMOUNT: &str = "recharge-amount";
const UP_TO: &str = "recharge-up-to";
const DAILY_CAP: &str = "recharge-daily-cap";
const CONSENT: &str = "recharge-consent";

/// What was typed and ticked. A handle.
#[derive(Clone, Copy)]
struct Form {
    till: Till,
    draft: RwSignal<RechargeDraft>,
    parsed: Memo<Result<RechargeSettings, Vec<FieldProblem>>>,
    /// The sentence that was agreed to: another one has to be agreed to anew.
    agreed: RwSignal<Option<String>>,
    judged: RwSignal<bool>,
    /// The button was pressed. Only then a box without its tick is wrong: a sentence that appears as soon as a field is left would move
    /// the button away from under the finger.
    pressed: RwSignal<bool>,
}

impl Form {
    fn new(till: Till) -> Self {
        let view = till.view();
        let settings = view.recharge.as_ref().map(|recharge| recharge.settings);
        let settings = settings.unwrap_or(view.limits.suggested);
        let draft = RwSignal::new(RechargeDraft::of(&settings, &view.limits));
        let limits = view.limits;
        let parsed = Memo::new(move |_| draft.with(|draft| draft.parse(&limits)));
        let (agreed, judged) = (RwSignal::new(None), RwSignal::new(false));
        Self { till, draft, parsed, agreed, judged, pressed: RwSignal::new(false) }
    }

    /// What is to be agreed to, once the fields say something that can be.
    fn sentence(self) -> Option<String> {
        let settings = self.parsed.get().ok()?;
        let view = self.till.view();
        Some(settings.consent_text(view.agency_name.as_str(), &card_label(&view)?))
    }

    fn has_agreed(self) -> bool {
        let sentence = self.sentence();
        sentence.is_some() && self.agreed.get() == sentence
    }

    fn change(self, change: impl FnOnce(&mut RechargeDraft)) {
        self.draft.update(change);
        self.till.forget_problems();
    }

    fn error(self, pointer: &'static str) -> Option<String> {
        let ours = self.parsed.with(|parsed| {
            let problems = parsed.as_ref().err()?;
            let wrong = problems.iter().find(|wrong| wrong.pointer == pointer)?;
            Some(wrong.detail.clone())
        });
        ours.filter(|_| self.judged.get()).or_else(|| self.till.wrong(Task::Recharge, pointer))
    }

    fn submit(self) {
        self.judged.set(true);
        self.pressed.set(true);
        let sentence = untrack(move || self.sentence());
        match (self.parsed.get_untracked(), sentence) {
            (Ok(settings), Some(sentence)) if untrack(move || self.has_agreed()) => {
                self.till.set_recharge(settings, sentence);
            }
            // Nothing is wrong but that nobody has agreed yet.
            (Ok(_), Some(_)) => {
                browser::focus(CONSENT);
            }
            (parsed, _) => {
                let wrong = parsed.err().unwrap_or_default();
                browser::focus(match wrong.first().map(|wrong| wrong.pointer.as_str()) {
                    Some("/amount") => AMOUNT,
                    Some("/up_to") => UP_TO,
                    Some("/daily_cap") => DAILY_CAP,
                    _ => FIRST,
                });
            }
        }
    }

    fn field(
        self,
        id: &'static str,
        pointer: &'static str,
        label: &'static str,
        hint: Option<String>,
        place: fn(&mut RechargeDraft) -> &mut String,
    ) -> AnyView {
        let typed = Signal::derive(move || {
            let mut draft = self.draft.get();
            std::mem::take(place(&mut draft))
        });
        view! {
            <Field
                id=id
                label=Signal::stored(label.to_owned())
                value=typed
                on_input=move |text| self.change(|draft| *place(draft) = text)
                on_leave=move |()| self.judged.set(true)
                error=Signal::derive(move || self.error(pointer))
                hint=Signal::stored(hint)
                inputmode="decimal"
            />
        }
        .into_any()
    }
}

/// The form.
pub fn recharge_form(till: Till) -> AnyView {
    let form = Form::new(till);
    let limits = till.view().limits;
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    let kind = Memo::new(move |_| form.draft.with(|draft| draft.kind));
    let how_much = move || match kind.get() {
        RechargeKind::Fixed => form.field(
            AMOUNT,
            "/amount",
            "Amount of each charge",
            Some(format!("{} to {}", limits.minimum, limits.maximum)),
            |draft| &mut draft.amount,
        ),
        RechargeKind::UpTo => form.field(
            UP_TO,
            "/up_to",
            "Bring the balance up to",
            Some(format!(
                "At most {}; each charge is at least {}",
                limits.balance_max, limits.minimum
            )),
            |draft| &mut draft.up_to,
        ),
    };
    let cap = Some(format!(
        "Up to {}; and never more than {} charges",
        limits.daily_max, limits.charges_per_day
    ));
    let cancel = move |()| till.go_to(till.rest(), section_id(Task::Recharge));
    let shown = move || form.parsed.get().ok().map(|settings| preview(till, &settings));
    view! {
        <form class="wallet-form" id="recharge-form" novalidate on:submit=submit>
            {form.field(FIRST, "/below", "When the balance falls below", None, |draft| &mut draft.below)}
            <fieldset class="wallet-method">
                <legend>"How much is charged"</legend>
                {way(form, kind, RechargeKind::Fixed, "A fixed amount", "Always the same, easy to foresee.")}
                {way(form, kind, RechargeKind::UpTo, "Up to a balance", "Whatever is missing for it.")}
            </fieldset>
            {how_much}
            {form.field(DAILY_CAP, "/daily_cap", "At most within 24 hours", cap, |draft| &mut draft.daily_cap)}
            <div aria-live="polite">{shown}</div>
            {consent(form)}
            <div class="actions">
                {go(till, Task::Recharge, Kind::Primary, || "Switch auto-recharge on".to_owned(), None)}
                <Button on_press=cancel>"Cancel"</Button>
            </div>
        </form>
    }
    .into_any()
}

fn way(
    form: Form,
    kind: Memo<RechargeKind>,
    way: RechargeKind,
    label: &'static str,
    hint: &'static str,
) -> AnyView {
    view! {
        <label class="choice">
            <input
                type="radio"
                name="recharge-kind"
                prop:checked=move || kind.get() == way
                on:change=move |_| form.change(|draft| draft.kind = way)
            />
            <span>{label}</span>
            <small>{hint}</small>
        </label>
    }
    .into_any()
}

/// The yes: never ticked by us, and gone as soon as the sentence is another one.
fn consent(form: Form) -> AnyView {
    let wrong = move || {
        let missing = form.pressed.get() && form.sentence().is_some() && !form.has_agreed();
        let missing = missing.then(|| "Tick the box to agree, or cancel.".to_owned());
        missing.or_else(|| form.till.wrong(Task::Recharge, "/consent"))
    };
    let tick = move |event: ev::Event| {
        let sentence = untrack(move || form.sentence());
        form.agreed.set(sentence.filter(|_| event_target_checked(&event)));
        form.pressed.set(false);
    };
    let words = move || {
        form.sentence().unwrap_or_else(|| {
            "Fill in the fields above; then you can agree to them here.".to_owned()
        })
    };
    view! {
        <div class="wallet-agree">
            <label class="choice" for=CONSENT>
                <input
                    id=CONSENT
                    type="checkbox"
                    prop:checked=move || form.has_agreed()
                    disabled=move || form.sentence().is_none()
                    aria-invalid=move || wrong().is_some().then_some("true")
                    aria-describedby="recharge-consent-error"
                    on:change=tick
                />
                <span>{words}</span>
            </label>
            <div class="field-error" id="recharge-consent-error" aria-live="polite">
                {move || wrong().map(|wrong| view! { <span class="state bad">{wrong}</span> })}
            </div>
        </div>
    }
    .into_any()
}
