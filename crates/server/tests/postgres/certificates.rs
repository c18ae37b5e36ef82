//! A server that the database knows by a certificate: replaced while it runs, and no password anywhere.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    time::Duration,
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SerialNumber,
    date_time_ymd,
};
use server::storage::{DatabaseUrl, StorageError, Store, Transaction};
use url::Url;

use crate::database::{ask, cluster, statement};

/// Whom the cluster lets in by certificate alone.
const ROLE: &str = "certified";

/// The tests' own authority.
type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "the tests");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of this name, and its key: two texts.
fn certificate(by: &Authority, name: &str, serial: u64, good: bool) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial));
    if !good {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 2);
    }
    (params.signed_by(&key, by).unwrap().pem(), key.serialize_pem())
}

/// Has the cluster speak TLS, and take nothing but a certificate of the authority from [`ROLE`].
fn let_in_by_certificate(admin: &Url, authority: &Authority) {
    let data = PathBuf::from(std::env::var_os("SLUICE_TEST_POSTGRES_DATA").expect("the data"));
    let (own, key) = certificate(authority, "localhost", 1, true);
    for (file, text) in [("ca.crt", authority.pem()), ("own.crt", own), ("own.key", key)] {
        let path = data.join(file);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let owner = fs::metadata(&data).unwrap();
        chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    let rules = data.join("pg_hba.conf");
    let before = fs::read_to_string(&rules).unwrap();
    let ours = format!("hostssl all {ROLE} all cert\nhostnossl all {ROLE} all reject\n");
    fs::write(&rules, format!("{ours}{before}")).unwrap();
    for setting in [
        "ssl_ca_file = 'ca.crt'",
        "ssl_cert_file = 'own.crt'",
        "ssl_key_file = 'own.key'",
        "ssl = on",
    ] {
        statement(admin, &format!("ALTER SYSTEM SET {setting}"));
    }
    statement(admin, "SELECT pg_reload_conf()");
}

fn keep(folder: &Path, (certificate, key): &(String, String)) {
    fs::write(folder.join("own.crt"), certificate).unwrap();
    fs::write(folder.join("own.key"), key).unwrap();
}

/// The serial numbers that the database sees of everybody who works on it.
fn seen(admin: &Url) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT s.client_serial::text FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
         WHERE a.usename = '{ROLE}' ORDER BY 1"
    );
    ask(admin, &sql).iter().map(|row| row.get(0)).collect()
}

/// Ends every connection, as an operator would who has replaced a certificate in haste.
fn end_connections(admin: &Url) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '{ROLE}'"
    );
    statement(admin, &sql);
}

async fn works(store: &Store) -> Result<(), StorageError> {
    store.write(|tx: &mut dyn Transaction| tx.agencies().map(drop)).await
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_certificate_stands_for_a_password_and_is_replaced_while_the_server_runs() {
    let mut admin = cluster().unwrap();
    admin.set_username("postgres").unwrap();
    let name = format!("certified_{}", std::process::id());
    statement(&admin, &format!("CREATE ROLE {ROLE} LOGIN CREATEROLE"));
    statement(&admin, &format!("CREATE DATABASE {name} OWNER {ROLE}"));
    let authority = authority();
    let_in_by_certificate(&admin, &authority);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ca.crt"), authority.pem()).unwrap();
    keep(folder.path(), &certificate(&authority, ROLE, 7, true));
    let at = format!("{ROLE}@localhost:{}/{name}", admin.port().unwrap());
    let file = |name: &str| folder.path().join(name).display().to_string();
    let root = format!("sslmode=require&sslrootcert={}", file("ca.crt"));
    let open = |options: &str| {
        let url: DatabaseUrl = format!("postgres://{at}?{options}").parse().unwrap();
        url.open()
    };
    assert!(open("sslmode=disable").is_err(), "nothing in the clear");
    assert!(open(&root).is_err(), "nobody without a certificate");
    let shown = format!("{root}&sslcert={}&sslkey={}", file("own.crt"), file("own.key"));
    // The cluster takes its new settings a moment after it was told.
    let mut opened = open(&shown);
    for _ in 0..50 {
        if opened.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        opened = open(&shown);
    }
    let store = opened.unwrap_or_else(|error| panic!("{error}")).store;
    works(&store).await.unwrap();
    assert_eq!(seen(&admin), ["7"]);

    // An hour later, in a life of certificates: the files are others, and nobody was told. What is open stays open.
    keep(folder.path(), &certificate(&authority, ROLE, 8, true));
    works(&store).await.unwrap();
    assert!(seen(&admin).contains(&"7".to_owned()));
    end_connections(&admin);
    works(&store).await.unwrap();
    assert_eq!(seen(&admin), ["8"], "what is opened from now on shows the new one");

    for bad in
        [certificate(&authority, "somebody", 9, true), certificate(&authority, ROLE, 10, false)]
    {
        keep(folder.path(), &bad);
        end_connections(&admin);
        assert!(works(&store).await.is_err(), "another's, or one that is over, opens nothing");
    }
    fs::remove_file(folder.path().join("own.crt")).unwrap();
    assert!(works(&store).await.is_err(), "nor does none");
    keep(folder.path(), &certificate(&authority, ROLE, 11, true));
    works(&store).await.unwrap();
    assert_eq!(seen(&admin), ["11"]);
    drop(store);
    statement(&admin, &format!("DROP DATABASE {name} WITH (FORCE)"));
}
