//! Approvals: what was signed decides and nothing else; signatures verify without Gradus; not a byte of them can be changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gradus::base::Str;
use gradus::review::approval::{
    Against, Armour, Change, Class, Form, Kept, Rulebook, Signature, Statement, Subject, Verdict, Why,
    beside, path_of, read_all, standing,
};
use gradus::store::settings::Approval;
use gradus::store::{Memory, World as _};
use gradus::value::Date;
use proptest::prelude::*;
use ssh_key::private::{Ed25519Keypair, PrivateKey};

use crate::corpus::{files, folder};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A key of a person, the same in every run.
fn ssh(seed: u8) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]))
}

fn public(key: &PrivateKey) -> String {
    key.public_key().to_openssh().unwrap()
}

fn signed(key: &PrivateKey, text: &[u8]) -> Vec<u8> {
    let signature = key.sign("gradus", ssh_key::HashAlg::Sha512, text).unwrap();
    signature.to_pem(ssh_key::LineEnding::LF).unwrap().into_bytes()
}

/// Wang of compliance, Li and Zhang of credit, Zhao who only writes; two approve, one of them compliance.
fn rulebook(more: &str) -> Rulebook {
    let person = |name: &str, roles: &str, seed: u8| {
        let key = public(&ssh(seed));
        format!("[[people]]\nname = \"{name}\"\nroles = [{roles}]\nkeys = [\"{key}\"]\n")
    };
    let text = [
        "folder = \"approvals\"\n".to_owned(),
        more.to_owned(),
        person("王敏", "\"compliance\"", 1),
        person("Li Qiang", "\"credit\"", 2),
        person("Zhang Wei", "\"credit\", \"compliance\"", 3),
        "[[people]]\nname = \"Zhao\"\n".to_owned(),
        "[rules.any]\nneeded = 2\neach = [\"compliance\"]\n[rules.tables]\nneeded = 1\n".to_owned(),
        "[emergency]\nroles = [\"credit\"]\ndays = 5\n".to_owned(),
    ];
    let settings: Approval = toml::from_str(&text.concat()).unwrap();
    Rulebook::new(&settings).unwrap()
}

fn subject() -> Subject {
    Subject {
        policy: Str::from("trade_credit"),
        version: Str::from("2026.4"),
        digest: Str::from("sha256:11"),
        rules: Str::from("sha256:1"),
        change: Change {
            against: Against::Version { version: Str::from("2026.3"), digest: Str::from("sha256:00") },
            classes: BTreeSet::from([Class::Looser, Class::Neutral]),
        },
    }
}

fn statement(by: &str, role: &str) -> Statement {
    let subject = subject();
    Statement {
        policy: subject.policy,
        version: subject.version,
        digest: subject.digest,
        rules: subject.rules,
        against: subject.change.against,
        classes: subject.change.classes,
        authors: vec![Str::from("Zhao")],
        by: Str::from(by),
        role: Str::from(role),
        on: day("2026-03-02"),
        form: Form::Signed,
        reason: Str::from("payment record counts less: 付款记录"),
    }
}

fn kept(statement: &Statement, key: &PrivateKey) -> Kept {
    let bytes = statement.text().into_bytes();
    let signature = Signature::read(Armour::Ssh, &signed(key, &bytes));
    assert!(signature.is_some(), "as ssh-keygen writes it");
    Kept {
        path: path_of(Path::new("approvals"), statement),
        statement: Some(statement.clone()),
        bytes,
        signatures: vec![signature],
    }
}

fn both() -> Vec<Kept> {
    vec![kept(&statement("王敏", "compliance"), &ssh(1)), kept(&statement("Li Qiang", "credit"), &ssh(2))]
}

fn verdict(all: &[Kept]) -> Verdict {
    standing(&subject(), all, &rulebook(""), day("2026-03-05")).verdict
}

fn why(one: Kept) -> Option<Why> {
    let told = standing(&subject(), &[one], &rulebook(""), day("2026-03-05"));
    told.faults.into_iter().next().map(|fault| fault.why)
}

#[test]
fn two_who_may_approve_and_one_does_not() {
    assert_eq!(verdict(&both()), Verdict::Approved);
    assert_eq!(verdict(&both()[..1]), Verdict::Incomplete);
    assert_eq!(verdict(&[]), Verdict::Unsigned);
}

#[test]
fn a_person_counts_once_and_every_seat_needs_a_person_of_its_own() {
    let zhang = |role: &str| kept(&statement("Zhang Wei", role), &ssh(3));
    assert_eq!(verdict(&[zhang("credit"), zhang("compliance")]), Verdict::Incomplete);
    let li = kept(&statement("ＬＩ  ｑｉａｎｇ", "credit"), &ssh(2));
    assert_eq!(verdict(&[li.clone(), zhang("credit")]), Verdict::Incomplete, "nobody of compliance");
    assert_eq!(verdict(&[li, zhang("compliance")]), Verdict::Approved);
}

#[test]
fn who_wrote_it_cannot_approve_it_alone() {
    let alone = rulebook("");
    let by = |author: &str, form: Form| {
        let written = Statement { authors: vec![Str::from(author)], form, ..statement("Li Qiang", "credit") };
        let change = Change { classes: BTreeSet::from([Class::Tables]), ..subject().change };
        let written = Statement { classes: change.classes.clone(), ..written };
        let subject = Subject { change, ..subject() };
        standing(&subject, &[kept(&written, &ssh(2))], &alone, day("2026-03-05")).verdict
    };
    let until = day("2026-03-07");
    assert_eq!(by("Zhao", Form::Signed), Verdict::Approved, "one suffices for tables");
    assert_eq!(by("li qiang", Form::Signed), Verdict::Incomplete);
    assert_eq!(by("LI QIANG", Form::Emergency { until }), Verdict::Incomplete);
}

#[test]
fn an_emergency_is_over_when_it_is() {
    let until = day("2026-03-07");
    let told = |until: Date, today: &str| {
        let urgent = Statement { form: Form::Emergency { until }, ..statement("Li Qiang", "credit") };
        standing(&subject(), &[kept(&urgent, &ssh(2))], &rulebook(""), day(today)).verdict
    };
    let by = Str::from("Li Qiang");
    assert_eq!(told(until, "2026-03-07"), Verdict::Emergency { until, by: by.clone() });
    assert_eq!(told(until, "2026-03-08"), Verdict::Over { until });
    // Nobody gives themselves more days than there are.
    assert_eq!(told(day("2026-12-31"), "2026-03-07"), Verdict::Emergency { until, by });
    let urgent = Statement { form: Form::Emergency { until }, ..statement("王敏", "compliance") };
    let told = standing(&subject(), &[kept(&urgent, &ssh(1))], &rulebook(""), day("2026-03-05"));
    assert_eq!(told.verdict, Verdict::Incomplete, "compliance may not let through alone");
}

/// A signature is for one text of one version by one person for one change.
#[test]
fn a_signature_serves_nothing_else() {
    let wang = || statement("王敏", "compliance");
    assert_eq!(why(kept(&wang(), &ssh(1))), None);
    assert_eq!(why(kept(&wang(), &ssh(2))), Some(Why::Signature), "the key of another");
    assert_eq!(why(kept(&wang(), &ssh(9))), Some(Why::Signature), "a key that nobody has");
    let nobody = kept(&statement("Sun", "compliance"), &ssh(1));
    assert_eq!(why(nobody), Some(Why::Person));
    assert_eq!(
        why(kept(&statement("王敏", "credit"), &ssh(1))),
        Some(Why::Role { role: Str::from("credit") })
    );
    let stripped = Kept { signatures: Vec::new(), ..kept(&wang(), &ssh(1)) };
    assert_eq!(why(stripped), Some(Why::Unsigned));
    let on = day("2026-03-06");
    assert_eq!(why(kept(&Statement { on, ..wang() }, &ssh(1))), Some(Why::Early { on }));
    let signed = Against::Version { version: Str::from("2026.2"), digest: Str::from("sha256:00") };
    let other = Statement { against: signed.clone(), ..wang() };
    assert_eq!(why(kept(&other, &ssh(1))), Some(Why::Against { signed }));
    let mild = Statement { classes: BTreeSet::from([Class::Neutral]), ..wang() };
    assert_eq!(why(kept(&mild, &ssh(1))), Some(Why::Classes { lacking: Class::Looser }));
    let graver = Statement { classes: BTreeSet::from([Class::Mixed]), ..wang() };
    assert_eq!(why(kept(&graver, &ssh(1))), None, "what was mixed is proved to be looser later");
    // What is signed for 2026.4 is none of 2026.5's.
    let next = Subject { version: Str::from("2026.5"), ..subject() };
    assert_eq!(standing(&next, &both(), &rulebook(""), day("2026-03-05")).verdict, Verdict::Unsigned);
    // Another purpose: a commit that was signed with the same key.
    let text = wang().text();
    let commit = ssh(1).sign("git", ssh_key::HashAlg::Sha512, text.as_bytes()).unwrap();
    let commit = commit.to_pem(ssh_key::LineEnding::LF).unwrap();
    let foreign =
        Kept { signatures: vec![Signature::read(Armour::Ssh, commit.as_bytes())], ..kept(&wang(), &ssh(1)) };
    assert_eq!(why(foreign), Some(Why::Signature));
}

#[test]
fn a_key_signs_on_its_days_and_no_longer_than_it_is_listed() {
    let key = public(&ssh(1));
    let told = |keys: &str| {
        let text = format!("[[people]]\nname = \"王敏\"\nroles = [\"compliance\"]\nkeys = [{keys}]\n");
        let book = Rulebook::new(&toml::from_str(&text).unwrap()).unwrap();
        let one = kept(&statement("王敏", "compliance"), &ssh(1));
        let told = standing(&subject(), &[one], &book, day("2026-03-05"));
        told.faults.into_iter().next().map(|fault| fault.why)
    };
    let on = day("2026-03-02");
    assert_eq!(told(&format!("{{ key = \"{key}\", until = 2026-03-02 }}")), None);
    assert_eq!(told(&format!("{{ key = \"{key}\", until = 2026-03-01 }}")), Some(Why::Key { on }));
    assert_eq!(told(&format!("{{ key = \"{key}\", from = 2026-03-03 }}")), Some(Why::Key { on }));
    assert_eq!(told(""), Some(Why::Signature), "it was taken off the list");
}

#[test]
fn what_changed_after_it_was_signed_is_told_from_tables_that_did() {
    let all = both();
    let told = |digest: &str, rules: &str| {
        let now = Subject { digest: Str::from(digest), rules: Str::from(rules), ..subject() };
        standing(&now, &all, &rulebook(""), day("2026-03-05"))
    };
    let signed = Str::from("sha256:11");
    assert_eq!(told("sha256:22", "sha256:2").verdict, Verdict::Altered { signed: signed.clone() });
    let tables = told("sha256:22", "sha256:1");
    assert_eq!(tables.verdict, Verdict::Tables { signed: signed.clone() });
    assert_eq!(tables.change.classes, BTreeSet::from([Class::Tables]));
    // One more signature, for the tables alone, is enough then; without the first two it is for nothing.
    let again = Statement {
        digest: Str::from("sha256:22"),
        against: Against::Version { version: Str::from("2026.4"), digest: signed },
        classes: BTreeSet::from([Class::Tables]),
        ..statement("Li Qiang", "credit")
    };
    let now = Subject { digest: Str::from("sha256:22"), ..subject() };
    let with = |mut all: Vec<Kept>| {
        all.push(kept(&again, &ssh(2)));
        standing(&now, &all, &rulebook(""), day("2026-03-05")).verdict
    };
    assert_eq!(with(both()), Verdict::Approved);
    assert_eq!(with(both()[..1].to_vec()), Verdict::Altered { signed: Str::from("sha256:11") });
}

/// The approvals of a folder in which one file is other bytes.
fn read(statement: &[u8], signature: &[u8], armour: Armour, book: &Rulebook) -> Verdict {
    let path = PathBuf::from("approvals/a.approval");
    let world = Memory::new(day("2026-03-05")).with(&path, statement).with(beside(&path, armour), signature);
    let kept = read_all(&world, Path::new("approvals")).unwrap();
    let tables = Change { classes: BTreeSet::from([Class::Tables]), ..subject().change };
    standing(&Subject { change: tables, ..subject() }, &kept, book, world.today()).verdict
}

fn for_tables() -> Vec<u8> {
    let classes = BTreeSet::from([Class::Tables]);
    Statement { classes, ..statement("王敏", "compliance") }.text().into_bytes()
}

/// A statement and its signature by each kind of key, with the people who hold them.
fn each_kind() -> [(Vec<u8>, Vec<u8>, Armour, Rulebook); 2] {
    let text = for_tables();
    let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
    let comment = Some("signature from minisign secret key");
    let by_minisign = minisign::sign(None, &pair.sk, &text[..], Some("gradus approval"), comment).unwrap();
    let by_minisign = by_minisign.to_string().into_bytes();
    let people = format!(
        "[[people]]\nname = \"王敏\"\nroles = [\"compliance\"]\nkeys = [\"{}\"]\n",
        pair.pk.to_base64()
    );
    let theirs = Rulebook::new(&toml::from_str(&people).unwrap()).unwrap();
    let by_ssh = signed(&ssh(1), &text);
    [(text.clone(), by_ssh, Armour::Ssh, rulebook("")), (text, by_minisign, Armour::Minisign, theirs)]
}

#[test]
fn not_a_byte_of_statement_or_signature_can_be_changed() {
    for (text, signature, armour, book) in each_kind() {
        assert_eq!(read(&text, &signature, armour, &book), Verdict::Approved, "{armour:?}");
        let others = |byte: u8| [byte ^ 1, byte ^ 2, byte ^ 0x20, byte ^ 0x80, b' ', b'\n', b'A'];
        for place in 0..text.len() {
            for other in others(text[place]).into_iter().filter(|other| *other != text[place]) {
                let mut text = text.clone();
                text[place] = other;
                assert_ne!(read(&text, &signature, armour, &book), Verdict::Approved, "{armour:?}: {place}");
            }
        }
        for place in 0..signature.len() {
            for other in others(signature[place]).into_iter().filter(|other| *other != signature[place]) {
                let mut signature = signature.clone();
                signature[place] = other;
                let told = read(&text, &signature, armour, &book);
                assert_ne!(told, Verdict::Approved, "{armour:?}: byte {place} of the signature");
            }
        }
        for place in 0..=signature.len() {
            let cut = [&signature[..place], signature.get(place + 1..).unwrap_or_default()].concat();
            let wider = [&signature[..place], b"\n", &signature[place..]].concat();
            assert!(cut == signature || read(&text, &cut, armour, &book) != Verdict::Approved);
            assert_ne!(read(&text, &wider, armour, &book), Verdict::Approved);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a folder of approvals, it approves nothing and hinders nothing.
    #[test]
    fn rubbish_approves_nothing(
        cuts in prop::collection::vec((0usize..700, 0usize..700, any::<u8>()), 1..6),
        which in 0usize..2,
        of_text: bool,
    ) {
        let (text, signature, armour, book) = each_kind().into_iter().nth(which).unwrap();
        let whole = if of_text { &text } else { &signature };
        let mut bytes = whole.clone();
        for (from, to, byte) in cuts {
            let from = from.min(bytes.len());
            let to = to.clamp(from, bytes.len());
            bytes.splice(from..to, [byte]);
        }
        prop_assume!(bytes != *whole);
        let told = match of_text {
            true => read(&bytes, &signature, armour, &book),
            false => read(&text, &bytes, armour, &book),
        };
        prop_assert_ne!(told, Verdict::Approved);
    }

    /// What is written reads back, whatever people are called and give as reasons.
    #[test]
    fn a_statement_reads_back(by in "\\PC{1,20}", reason in "\\PC{1,40}", paper: bool) {
        let one_line = gradus::review::approval::one_line;
        let (by, reason) = (one_line(&by), one_line(&reason));
        prop_assume!(!by.is_empty() && !reason.is_empty());
        let form = if paper { Form::Paper { sheet: Str::from("3f2a-91bc"), scan: None } } else { Form::Signed };
        let written = Statement { by, reason, form, ..statement("王敏", "compliance") };
        prop_assert_eq!(Statement::read(written.text().as_bytes()), Some(written));
    }
}

// What follows runs the command and, where they are installed, ssh-keygen and git.

fn gradus(place: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.args(args).current_dir(place).env_clear().env("LANG", "C").env("PATH", path);
    command.env("HOME", place).envs(env.iter().copied()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &*String::from_utf8_lossy(&output.stderr)
}

/// Whether a tool is there. On a build server it has to be: a promise that nobody tests is none.
pub fn there(tool: &str) -> bool {
    let found = Command::new(tool).arg("--help").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "{tool} is not installed");
    if !found {
        eprintln!("NOT TESTED: {tool} is not installed, and nobody has verified a signature without Gradus");
    }
    found
}

fn run(place: &Path, tool: &str, args: &[&str], input: &str) -> (bool, String) {
    use std::io::Write as _;
    let mut child = Command::new(tool)
        .args(args)
        .current_dir(place)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), said(&output))
}

/// A copy of the small project, with settings.
fn project(approval: &str) -> tempfile::TempDir {
    let own = tempfile::tempdir().unwrap();
    let from = folder("projects/small");
    for path in files(&from, "") {
        let to = own.path().join(path.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&path, to).unwrap();
    }
    std::fs::write(own.path().join("gradus.toml"), approval).unwrap();
    own
}

const DECIDE: &[&str] =
    &["decide", "customers.csv", "--decision", "review", "--as-of", "2026-10-10", "--max-rejects", "1"];

/// The one statement of a project.
fn only(place: &Path) -> PathBuf {
    let statements = files(&place.join("approvals"), ".approval");
    assert_eq!(statements.len(), 1, "{statements:?}");
    statements[0].strip_prefix(place).unwrap().to_owned()
}

#[test]
fn ssh_keygen_verifies_what_gradus_signs_and_gradus_what_ssh_keygen_signs() {
    if !there("ssh-keygen") {
        return;
    }
    let keys = tempfile::tempdir().unwrap();
    let key = keys.path().join("wang");
    let key = key.to_str().unwrap();
    let (made, told) = run(keys.path(), "ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", key], "");
    assert!(made, "{told}");
    let public = std::fs::read_to_string(format!("{key}.pub")).unwrap();
    let people = format!(
        "[[approval.people]]\nname = \"Wang Min\"\nroles = [\"compliance\"]\nkeys = [\"{}\"]\n[[approval.people]]\nname = \"Zhao\"\n",
        public.trim()
    );
    let project = project(&people);
    let place = project.path();
    let approve = ["approve", "small", "--by", "Wang Min", "--reason", "first version", "--author", "Zhao"];
    let output = gradus(place, &[&approve[..], &["--key", key]].concat(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let statement = only(place);
    let statement = statement.to_str().unwrap();
    std::fs::write(place.join("allowed"), format!("wang namespaces=\"gradus\" {public}")).unwrap();
    let signature = format!("{statement}.sig");
    let verify = ["-Y", "verify", "-f", "allowed", "-I", "wang", "-n", "gradus", "-s", &signature];
    let text = std::fs::read_to_string(place.join(statement)).unwrap();
    let (good, told) = run(place, "ssh-keygen", &verify, &text);
    assert!(good, "{told}");
    let (good, _) = run(place, "ssh-keygen", &verify, &text.replace("compliance", "Compliance"));
    assert!(!good);
    let output = gradus(place, DECIDE, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    // Stripped of its signature, it decides nothing.
    std::fs::remove_file(place.join(&signature)).unwrap();
    let output = gradus(place, DECIDE, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && said(&output).contains("E570"), "{}", said(&output));

    // Signed on another machine, it does again.
    let output = gradus(place, &approve, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let statement = only(place);
    let statement = statement.to_str().unwrap();
    let (done, told) = run(place, "ssh-keygen", &["-Y", "sign", "-n", "gradus", "-f", key, statement], "");
    assert!(done, "{told}");
    assert_eq!(gradus(place, DECIDE, &[]).status.code(), Some(0));
}

#[test]
fn minisign_verifies_what_gradus_signs() {
    let pair = minisign::KeyPair::generate_encrypted_keypair(Some("four eyes".to_owned())).unwrap();
    let people = format!(
        "[[approval.people]]\nname = \"Wang Min\"\nroles = [\"compliance\"]\nkeys = [\"{}\"]\n[[approval.people]]\nname = \"Zhao\"\n",
        pair.pk.to_base64()
    );
    let project = project(&people);
    let place = project.path();
    std::fs::write(place.join("wang.key"), pair.sk.to_box(None).unwrap().to_bytes()).unwrap();
    let approve =
        ["approve", "small", "--by", "Wang Min", "--reason", "r", "--author", "Zhao", "--key", "wang.key"];
    for (env, reason) in
        [(&[][..], "nobody is here to type it"), (&[("GRADUS_KEY_PASSWORD", "two eyes")][..], "another one")]
    {
        let output = gradus(place, &approve, env);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(reason) && !said(&output).contains("two eyes"), "{}", said(&output));
    }
    let output = gradus(place, &approve, &[("GRADUS_KEY_PASSWORD", "four eyes")]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(gradus(place, DECIDE, &[]).status.code(), Some(0));
    if !there("minisign") {
        return;
    }
    let statement = only(place);
    let (statement, key) = (statement.to_str().unwrap(), pair.pk.to_base64());
    let (good, told) = run(place, "minisign", &["-Vm", statement, "-P", &key], "");
    assert!(good, "{told}");

    // Neither of them takes a statement that says something else.
    let text = std::fs::read_to_string(place.join(statement)).unwrap();
    std::fs::write(place.join(statement), text.replace("compliance", "Compliance")).unwrap();
    let (good, _) = run(place, "minisign", &["-Vm", statement, "-P", &key], "");
    assert!(!good);
    let output = gradus(place, DECIDE, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    std::fs::write(place.join(statement), text).unwrap();
    assert_eq!(gradus(place, DECIDE, &[]).status.code(), Some(0));
}

/// A key that minisign made, and a signature that it made of the statement that Gradus wrote.
#[test]
fn gradus_verifies_what_minisign_signs() {
    if !there("minisign") {
        return;
    }
    let keys = tempfile::tempdir().unwrap();
    let (made, told) = run(keys.path(), "minisign", &["-G", "-W", "-p", "wang.pub", "-s", "wang.key"], "");
    assert!(made, "{told}");
    let public = std::fs::read_to_string(keys.path().join("wang.pub")).unwrap();
    let people = format!(
        "[[approval.people]]\nname = \"Wang Min\"\nroles = [\"compliance\"]\nkeys = [\"{}\"]\n[[approval.people]]\nname = \"Zhao\"\n",
        public.lines().nth(1).unwrap()
    );
    let project = project(&people);
    let place = project.path();
    let approve = ["approve", "small", "--by", "Wang Min", "--reason", "r", "--author", "Zhao"];
    let output = gradus(place, &approve, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(gradus(place, DECIDE, &[]).status.code(), Some(2));
    let key = keys.path().join("wang.key");
    let key = key.to_str().unwrap();
    let statement = only(place);
    let statement = statement.to_str().unwrap();
    let (done, told) = run(place, "minisign", &["-Sm", statement, "-s", key], "");
    assert!(done, "{told}");
    let output = gradus(place, DECIDE, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    // The same key signs here, too.
    std::fs::remove_dir_all(place.join("approvals")).unwrap();
    let output = gradus(place, &[&approve[..], &["--key", key]].concat(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let statement = only(place);
    let statement = statement.to_str().unwrap();
    let (good, told) =
        run(place, "minisign", &["-Vm", statement, "-p", keys.path().join("wang.pub").to_str().unwrap()], "");
    assert!(good, "{told}");
    assert_eq!(gradus(place, DECIDE, &[]).status.code(), Some(0));
}

/// Who wrote a version is known to git, under whatever name.
#[test]
fn git_tells_who_wrote_a_version() {
    let keys: BTreeMap<&str, minisign::KeyPair> = ["wang", "li"]
        .map(|name| (name, minisign::KeyPair::generate_unencrypted_keypair().unwrap()))
        .into_iter()
        .collect();
    let person = |name: &str, also: &str, key: &str| {
        let public = keys[key].pk.to_base64();
        format!(
            "[[approval.people]]\nname = \"{name}\"\nalso = [{also}]\nroles = [\"credit\"]\nkeys = [\"{public}\"]\n"
        )
    };
    let people = |also: &str| [person("Wang Min", "", "wang"), person("Li Qiang", also, "li")].concat();
    let project = project(&people(""));
    let place = project.path();
    for (name, pair) in &keys {
        std::fs::write(place.join(format!("{name}.key")), pair.sk.to_box(None).unwrap().to_bytes()).unwrap();
    }
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=lqiang", "-c", "user.email=li@example.com"];
        let (done, told) = run(place, "git", &[&who[..], args].concat(), "");
        assert!(done, "git {args:?}: {told}");
    };
    git(&["init", "-q"]);
    git(&["add", "rules"]);
    git(&["commit", "-q", "-m", "First version"]);
    let approve = |by: &str, key: &str| {
        gradus(place, &["approve", "small", "--by", by, "--reason", "r", "--key", key], &[])
    };
    let output = approve("Li Qiang", "li.key");
    assert!(said(&output).contains("E576") && said(&output).contains("lqiang <li@example.com>"));
    std::fs::write(place.join("gradus.toml"), people("\"li@example.com\"")).unwrap();
    let output = approve("Li Qiang", "li.key");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("who did not write it"), "{}", said(&output));
    let refused = gradus(place, DECIDE, &[]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert_eq!(approve("Wang Min", "wang.key").status.code(), Some(0));
    assert_eq!(gradus(place, DECIDE, &[]).status.code(), Some(0));
}
