//! A PostgreSQL of one's own: made for one run, on a free loopback port, with every commit durable as it is by default.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::{Failure, Outcome};
use crate::{process, tools};

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Who runs it when we are root: PostgreSQL refuses root.
const USER: &str = "postgres";
/// The role that owns everything in it.
const ROLE: &str = "bench";

/// A cluster that runs; stopped and removed when it is dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    as_root: bool,
}

impl Cluster {
    /// Makes and starts one, below this folder if PostgreSQL's user can get there.
    pub fn start(below: &Path) -> Outcome<Self> {
        let programs = programs()?;
        let as_root = process::output(Command::new("id").arg("-u"))?.trim() == "0";
        let folder = home(below, as_root)?;
        let port = free_port()?;
        let cluster = Self { programs, folder, port, as_root };
        let data = cluster.folder.join("data");
        let mut make = cluster.program("initdb");
        make.args(["--auth=trust", "--no-instructions", "--encoding=UTF8", "--no-locale"]);
        process::output(make.arg(format!("--username={ROLE}")).arg("--pgdata").arg(&data))?;
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= \
             -c shared_buffers=256MB -c max_wal_size=4GB"
        );
        let mut start = cluster.program("pg_ctl");
        start
            .args(["start", "--wait", "--silent", "--options", &settings])
            .arg("--pgdata")
            .arg(&data);
        process::output(start.arg("--log").arg(cluster.folder.join("log")))?;
        Ok(cluster)
    }

    /// Where its programs are.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// `HOST PORT USER`
    pub fn place(&self) -> String {
        format!("127.0.0.1 {} {ROLE}", self.port)
    }

    fn program(&self, name: &str) -> Command {
        as_user(self.as_root, &self.programs.join(name))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--wait", "--silent", "--mode=immediate", "--pgdata"]);
        let stopped = process::output(stop.arg(self.folder.join("data")));
        if let Err(failure) = stopped.and_then(|_| process::remove_folder(&self.folder)) {
            eprintln!("xtask: PostgreSQL could not be removed: {failure}");
        }
    }
}

fn as_user(as_root: bool, program: &Path) -> Command {
    let mut command = Command::new(if as_root { Path::new("runuser") } else { program });
    if as_root {
        command.args(["-u", USER, "--"]).arg(program);
    }
    // A folder that everybody may be in.
    command.current_dir("/");
    command
}

/// The programs of the newest version, installed if there is none.
fn programs() -> Outcome<PathBuf> {
    if let Some(found) = newest() {
        return Ok(found);
    }
    println!("      installing PostgreSQL with apt (a minute, once)");
    tools::debian_packages(&["postgresql"])?;
    newest().ok_or_else(|| Failure::new(format!("PostgreSQL was installed, but not to {DEBIAN}")))
}

fn newest() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).ok()?.filter_map(Result::ok);
    let found = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let programs = version.path().join("bin");
        let complete = ["initdb", "pg_ctl", "pgbench", "psql"];
        complete.iter().all(|name| programs.join(name).is_file()).then_some((number, programs))
    });
    found.max().map(|(_, programs)| programs)
}

/// An empty folder that the one who runs PostgreSQL can write to: below the given one, else where files outlive a restart.
fn home(below: &Path, as_root: bool) -> Outcome<PathBuf> {
    let name = format!("sluice-bench-postgres-{}", std::process::id());
    for folder in [below.join(&name), Path::new("/var/tmp").join(&name)] {
        fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
        if as_root {
            process::run(Command::new("chown").arg(USER).arg(&folder))?;
        }
        let reaches = as_user(as_root, Path::new("test")).arg("-w").arg(&folder).status();
        if reaches.is_ok_and(|status| status.success()) {
            return Ok(folder);
        }
        process::remove_folder(&folder)?;
    }
    Err(Failure::new("PostgreSQL finds no folder to write to"))
}

fn free_port() -> Outcome<u16> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = address.map_err(|error| Failure::new(format!("no free port: {error}")))?;
    Ok(address.port())
}
