//! The arguments of `test` and `ci`.

use crate::help;
use crate::outcome::{Failure, Outcome};
use crate::test::Step;

/// Which of the steps to do.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// Only this step, with what it needs; all of them if absent.
    pub only: Option<Step>,
    /// Within that step, only what matches one of these.
    pub filters: Vec<String>,
}

/// Reads `--only STEP [FILTER…]`.
pub fn parse(arguments: &[String]) -> Outcome<Options> {
    let mut words = arguments.iter().map(String::as_str);
    match words.next() {
        None => Ok(Options::default()),
        Some("--only") => {
            let name = words.next().ok_or_else(|| {
                Failure::usage(format!("--only needs a step: {}", help::step_names()))
            })?;
            let step = Step::named(name).ok_or_else(|| {
                Failure::usage(format!("`{name}` is no step; they are {}", help::step_names()))
            })?;
            let filters: Vec<String> = words.map(str::to_owned).collect();
            if !filters.is_empty() && !step.takes_filters() {
                return Err(Failure::usage(format!("the step `{name}` takes no filter")));
            }
            Ok(Options { only: Some(step), filters })
        }
        Some(other) => Err(Failure::usage(format!("`{other}` is not expected here; try --only"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Outcome<Options> {
        parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_step_can_be_picked_and_narrowed() {
        assert_eq!(parsed(&[]).unwrap(), Options::default());
        let options = parsed(&["--only", "journeys", "smoke"]).unwrap();
        let expected = Options { only: Some(Step::Journeys), filters: vec!["smoke".into()] };
        assert_eq!(options, expected);
    }

    #[test]
    fn typing_errors_are_told() {
        for words in [&["--only"][..], &["--only", "all"], &["journeys"], &["--only", "web", "x"]] {
            assert!(parsed(words).unwrap_err().is_usage(), "{words:?}");
        }
    }
}
