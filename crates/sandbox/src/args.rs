//! The command line.

use std::net::SocketAddr;

/// What `--help` says.
pub const USAGE: &str = "\
usage: sluice-sandbox [options]
  --listen ADDR           where to listen (127.0.0.1:0: any free port)
  --allow-remote          allow an address that is not loopback
  --secret-key KEY        (sk_test_sandbox)
  --publishable-key KEY   (pk_test_sandbox)
  --seed N                the same ids again for the same N
  --json                  print one line of JSON once listening
  --exit-with-stdin       end when standard input does";

/// The options, checked.
pub struct Args {
    pub listen: SocketAddr,
    pub secret_key: String,
    pub publishable_key: String,
    pub seed: Option<u64>,
    pub json: bool,
    pub exit_with_stdin: bool,
}

impl Args {
    /// Nothing when help was asked for.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut args = Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            secret_key: "sk_test_sandbox".to_owned(),
            publishable_key: "pk_test_sandbox".to_owned(),
            seed: None,
            json: false,
            exit_with_stdin: false,
        };
        let mut allow_remote = false;
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--listen" => args.listen = parsed(&value()?)?,
                "--secret-key" => args.secret_key = key(value()?, "sk_")?,
                "--publishable-key" => args.publishable_key = key(value()?, "pk_")?,
                "--seed" => args.seed = Some(parsed(&value()?)?),
                "--json" => args.json = true,
                "--exit-with-stdin" => args.exit_with_stdin = true,
                "--allow-remote" => allow_remote = true,
                "-h" | "--help" => return Ok(None),
                other => return Err(format!("unknown option {other}")),
            }
        }
        if !args.listen.ip().is_loopback() && !allow_remote {
            return Err(format!(
                "{} can be reached from elsewhere; say --allow-remote if you mean it",
                args.listen
            ));
        }
        Ok(Some(args))
    }
}

fn parsed<T: std::str::FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("{word} is not what is meant here"))
}

/// Live keys are refused: whoever has one here has mixed something up.
fn key(word: String, prefix: &str) -> Result<String, String> {
    if !word.starts_with(prefix) || word.contains("_live_") {
        return Err(format!("a key here starts with {prefix} and is not a live one"));
    }
    Ok(word)
}
