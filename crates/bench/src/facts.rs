//! What the figures were measured on.

use std::{fs, io::Write as _, os::unix::fs::MetadataExt as _, path::Path, process::Command};

use server::deps::{Clock as _, SystemClock};

use crate::{Outcome, arguments::Arguments, clock, load::percentile};

/// Writes to the log of a database, to learn what the disk takes for one.
const SYNCS: usize = 200;

/// What one should know to compare.
#[derive(Debug)]
pub struct Facts {
    /// `2026-11-22`.
    pub date: String,
    /// Of the repository.
    pub commit: String,
    /// Cores, kernel, disk, in a sentence.
    pub machine: String,
    /// Whether the spans were short.
    pub quick: bool,
}

/// Looks at the machine.
pub fn gather(arguments: &Arguments) -> Outcome<Facts> {
    let date = SystemClock.now().to_string().chars().take(10).collect();
    let cores = std::thread::available_parallelism()?;
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
    let (sync, slow_sync) = syncs(&arguments.folder)?;
    let machine = format!(
        "{cores} cores ({model}), {} GiB, Linux {}; {}, a write of 4 KiB with fdatasync takes {} µs \
         (median), {} µs (p99); SQLite {}, {}",
        memory.unwrap_or(0) / (1 << 20),
        kernel.trim(),
        file_system(&arguments.folder)?,
        sync,
        slow_sync,
        rusqlite::version(),
        version(&arguments.postgres_programs.join("postgres")),
    );
    Ok(Facts { date, commit: arguments.commit.clone(), machine, quick: arguments.quick })
}

fn version(program: &Path) -> String {
    let output = Command::new(program).arg("--version").output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let said = said.unwrap_or_default().replace("postgres (PostgreSQL)", "PostgreSQL");
    said.split(" (").next().unwrap_or_default().trim().to_owned()
}

/// The file system that the folder is on, as the kernel names it.
fn file_system(folder: &Path) -> Outcome<String> {
    let device = fs::metadata(folder)?.dev();
    let (major, minor) = (device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00);
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let number = format!("{major}:{minor}");
    let mount = mounts.lines().find(|line| line.split(' ').nth(2) == Some(number.as_str()));
    let kind = mount.and_then(|line| line.split(" - ").nth(1)).unwrap_or("unknown disk");
    let words: Vec<_> = kind.split(' ').take(2).collect();
    Ok(words.join(" on "))
}

/// The median and the 99th percentile of a write that is durable, in microseconds.
fn syncs(folder: &Path) -> Outcome<(u64, u64)> {
    let path = folder.join("sync");
    let mut file = fs::File::create(&path)?;
    let mut micros = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let begun = clock::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        micros.push(u64::try_from(begun.elapsed().as_micros())?);
    }
    fs::remove_file(path)?;
    micros.sort_unstable();
    Ok((percentile(&micros, 50), percentile(&micros, 99)))
}
