//! Mail, over SMTP: sent once, unless nobody heard that it was taken; then again under the same Message-ID.

use std::sync::Arc;

use async_trait::async_trait;
use billing::{
    RequestId,
    funding::Command,
    text::{EmailAddress, MessageText},
};
use server::{
    deps::{EntropyExt as _, SystemEntropy},
    mail::{Mail, MailError, Mailer, smtp::Smtp},
};

use super::{
    cells::{Cell, Crash},
    hold::{Call, HeldMailer, Hold, Side},
    office::{Office, usd},
    scene::{IMPATIENCE, almost, given_up, open, start_again},
    sockets::Sink,
};

/// The real client; it waits for an answer that will not come for a short while only.
struct Post {
    sink: Arc<Sink>,
    impatience: bool,
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let url = format!("smtp://127.0.0.1:{}", self.sink.port());
        let mut smtp = Smtp::from_url(&url, "billing@sluice.example").unwrap();
        if self.impatience && self.sink.is_armed() {
            smtp = smtp.timeout(IMPATIENCE);
        }
        smtp.send(mail).await
    }
}

fn hold_mailer(office: &mut Office, cell: Cell, sink: &Arc<Sink>, hold: &Arc<Hold>) {
    let inner = Post { sink: Arc::clone(sink), impatience: cell.is_lost() };
    office.deps.mailer = Arc::new(HeldMailer { hold: Arc::clone(hold), inner });
}

pub async fn run(cell: Cell) -> u32 {
    let mut office = open().await;
    let sink = Arc::new(Sink::smtp(cell).await);
    let hold = match cell.crash {
        Crash::AfterIntent => Hold::at(Call::Send, Side::Before),
        Crash::AfterCall => Hold::at(Call::Send, Side::After),
        _ => Hold::nowhere(),
    };
    hold_mailer(&mut office, cell, &sink, &hold);
    let ask = Command::RequestBilling {
        request: RequestId::new(office.deps.clock.now(), SystemEntropy.id()),
        email: EmailAddress::parse("dana@brightwater.example").unwrap(),
        starting_balance: usd(100),
        message: MessageText::parse("Hi Dana").unwrap(),
    };
    if cell.crash == Crash::BeforeIntent {
        almost(&office, ask.clone()).await;
        office = start_again(office).await;
        hold_mailer(&mut office, cell, &sink, &Hold::nowhere());
        office.work_on().await;
        assert!(sink.taken().is_empty() && sink.fired() == 0, "{cell:?}");
    }
    office.order(ask).await.unwrap();
    match cell.crash {
        Crash::AfterIntent | Crash::AfterCall => hold.kill_at_it(office.work()).await,
        _ => office.work().await,
    }
    if !matches!(cell.crash, Crash::Never | Crash::BeforeIntent) {
        office = start_again(office).await;
        hold_mailer(&mut office, cell, &sink, &Hold::nowhere());
    }
    office.work_on().await;

    assert_eq!(sink.fired(), cell.expected_faults(), "{cell:?}: faults");
    let taken = sink.taken();
    let expected = match (cell.is_refused(), cell.is_done_at_once()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 1 + usize::from(cell.takes_effect()),
    };
    assert_eq!(taken.len(), expected, "{cell:?}: {taken:?}");
    assert!(taken.iter().all(|id| *id == taken[0] && !id.is_empty()), "{cell:?}: {taken:?}");
    assert_eq!(given_up(&office).await, u64::from(cell.is_refused()), "{cell:?}");
    office.assert_sound().await;
    sink.fired()
}
