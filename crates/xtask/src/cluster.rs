//! A PostgreSQL cluster of the tests' own: made anew, on a free port of this machine only, gone at the end.
//!
//! PostgreSQL does not run as root: as root it runs as the account that its package made, or as nobody. So its folder lies
//! where such an account can go, and where the path of a socket is short enough: in the folder for temporary files.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::outcome::{Failure, Outcome};
use crate::process;

/// Nothing here outlives the tests, so nothing waits for the disk; a killed server loses nothing all the same. Nobody tidies
/// up behind them either: whoever does so in a database keeps the tests' role from dropping it.
const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 200
shared_buffers = 64MB
log_min_messages = fatal
";

/// Who the tests are: somebody who may make databases and roles, and for whom row-level security holds.
const ROLE: &str = "CREATE ROLE sluice LOGIN CREATEDB CREATEROLE";

/// A running cluster. A server that is killed is started again, as a supervisor would.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<(u32, u32)>,
    port: u16,
    /// The server; none once it is to end.
    server: Arc<Mutex<Option<Child>>>,
    keeper: Option<JoinHandle<()>>,
}

impl Cluster {
    /// Makes a cluster and starts it.
    pub fn start(programs: &Path) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("sluice-postgres-{}", std::process::id()));
        process::remove_folder(&folder)?;
        fs::create_dir(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
        let account = account();
        if let Some((user, group)) = account {
            let given = chown(&folder, Some(user), Some(group));
            given.map_err(|error| Failure::file("give away", &folder, &error))?;
        }
        let mut cluster = Self {
            programs: programs.to_path_buf(),
            folder,
            account,
            port: free_port()?,
            server: Arc::new(Mutex::new(None)),
            keeper: None,
        };
        cluster.make()?;
        cluster.keep()?;
        cluster.wait()?;
        process::output(cluster.psql().args(["-c", ROLE]))?;
        Ok(cluster)
    }

    /// Where tests make their databases.
    pub fn url(&self) -> String {
        format!("postgres://sluice@127.0.0.1:{}/postgres", self.port)
    }

    /// The client that speaks SQL from a command line.
    pub fn client(&self) -> PathBuf {
        self.programs.join("psql")
    }

    /// The data, with the file that names the server's process.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn make(&self) -> Outcome {
        let mut initdb = self.program("initdb");
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        process::output(initdb.arg("--no-sync").arg("--pgdata").arg(self.data()))?;
        let path = self.data().join("postgresql.conf");
        let socket = self.folder.display();
        let settings =
            format!("{SETTINGS}port = {}\nunix_socket_directories = '{socket}'\n", self.port);
        let opened = fs::OpenOptions::new().append(true).open(&path);
        opened
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .map_err(|error| Failure::file("write", &path, &error))
    }

    /// Starts the server, and again whenever it has ended. It is our child: Ctrl-C reaches it as well.
    fn keep(&mut self) -> Outcome {
        let mut server = self.program("postgres");
        server.arg("-D").arg(self.data()).stdin(Stdio::null()).stdout(Stdio::null());
        let log = self.folder.join("log");
        let log = fs::File::create(&log).map_err(|error| Failure::file("make", &log, &error))?;
        server.stderr(log);
        let cannot = |error| Failure::new(format!("cannot start PostgreSQL: {error}"));
        *lock(&self.server) = Some(server.spawn().map_err(cannot)?);
        let kept = Arc::clone(&self.server);
        self.keeper = Some(thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(50));
                let mut kept = lock(&kept);
                let Some(child) = kept.as_mut() else { return };
                if matches!(child.try_wait(), Ok(Some(_)))
                    && let Ok(again) = server.spawn()
                {
                    *child = again;
                }
            }
        }));
        Ok(())
    }

    fn wait(&self) -> Outcome {
        for _ in 0..200 {
            let answered = self.psql().args(["-c", "SELECT 1"]).stderr(Stdio::null()).output();
            if answered.is_ok_and(|answered| answered.status.success()) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(Failure::new(format!("PostgreSQL does not answer:\n{log}")))
    }

    fn psql(&self) -> Command {
        let mut psql = self.program("psql");
        psql.args([
            "--no-psqlrc",
            "--quiet",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-d",
            "postgres",
        ])
        .args(["-p", &self.port.to_string()])
        .stdin(Stdio::null());
        psql
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder);
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = lock(&self.server).take() {
            // An immediate end: nobody reads the data again.
            let told = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
            if told.is_err() {
                let _ = server.kill();
            }
            let _ = server.wait();
        }
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
        if let Err(failure) = process::remove_folder(&self.folder) {
            eprintln!("xtask: {failure}");
        }
    }
}

fn lock(server: &Mutex<Option<Child>>) -> std::sync::MutexGuard<'_, Option<Child>> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As root: the user and group to be instead.
fn account() -> Option<(u32, u32)> {
    let id = |words: &[&str]| process::answer(Path::new("id"), words)?.parse::<u32>().ok();
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let of = |name: &str| Some((id(&["-u", name])?, id(&["-g", name])?));
    of("postgres").or_else(|| of("nobody"))
}

/// A port that was free a moment ago.
fn free_port() -> Outcome<u16> {
    let bound = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let bound = bound.map_err(|error| Failure::new(format!("no port is free: {error}")))?;
    Ok(bound.port())
}
