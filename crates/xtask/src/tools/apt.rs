//! Debian's packages, for what neither cargo nor npm has.

use std::process::{Command, Stdio};

use crate::outcome::{Failure, Outcome};
use crate::process;

/// Installs Debian packages.
pub fn install(packages: &[&str]) -> Outcome {
    if process::on_path(&["apt-get"]).is_none() {
        return Err(Failure::new(format!(
            "apt-get is not here to install {}",
            packages.join(", ")
        )));
    }
    process::run(as_root("apt-get")?.arg("update").arg("-qq"))?;
    let mut install = as_root("apt-get")?;
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    process::run(&mut install)
}

/// The program with root's rights: directly as root, else by a sudo that asks no questions.
pub fn as_root(program: &str) -> Outcome<Command> {
    let mut command = if process::output(Command::new("id").arg("-u"))?.trim() == "0" {
        Command::new(program)
    } else if process::on_path(&["sudo"]).is_some() {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", program]);
        sudo
    } else {
        return Err(Failure::new(format!("{program} needs root, and there is no sudo")));
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    Ok(command)
}
