//! `sluice-sandbox`: the test gateway as a process of its own.

mod args;

use std::{process::ExitCode, sync::Arc};

use args::{Args, USAGE};
use sandbox::{Entropy, Sandbox, SeededEntropy, SystemClock, SystemEntropy, serve};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[tokio::main]
async fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(Some(args)) => args,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(reason) => {
            eprintln!("sluice-sandbox: {reason}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sluice-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> std::io::Result<()> {
    let listener = TcpListener::bind(args.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let entropy: Box<dyn Entropy> = match args.seed {
        Some(seed) => Box::new(SeededEntropy::new(seed)),
        None => Box::new(SystemEntropy),
    };
    announce(&args, &url);
    let sandbox =
        Sandbox::new(Arc::new(SystemClock), entropy, args.secret_key, args.publishable_key);
    if args.exit_with_stdin {
        tokio::select! {
            () = serve(listener, sandbox) => {}
            () = end_of_stdin() => {}
        }
    } else {
        serve(listener, sandbox).await;
    }
    Ok(())
}

fn announce(args: &Args, url: &str) {
    if args.json {
        let line = serde_json::json!({
            "url": url,
            "secret_key": args.secret_key,
            "publishable_key": args.publishable_key,
            "script_url": format!("{url}/stripe.js"),
        });
        println!("{line}");
    } else {
        println!(
            "Test gateway at {url} (no real money)\n  script           {url}/stripe.js\n  \
             secret key       {}\n  publishable key  {}",
            args.secret_key, args.publishable_key
        );
    }
}

/// Returns when whoever holds the other end has gone.
async fn end_of_stdin() {
    let mut stdin = tokio::io::stdin();
    let mut buffer = [0; 256];
    while matches!(stdin.read(&mut buffer).await, Ok(read) if read > 0) {}
    // A blocked read of standard input would keep the runtime from ending.
    std::process::exit(0);
}
