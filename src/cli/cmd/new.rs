//! `new DIR`: a starter project whose tests are green at once.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::base::Lang;
use crate::cli::Exit;
use crate::cli::session::{Failure, Session};
use crate::diag::Diagnostic;
use crate::store::{Place, shown};

/// Begins a project: a policy, customers, cases, accepted decisions, settings
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the project; it is made, and must be empty where it is there already
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// What to begin with: `minimal`, a score, a class and a limit; `trade-credit`, with terms, invoices and collection, too
    #[arg(long, value_name = "NAME", default_value = "minimal")]
    pub template: Template,
}

/// `--template`
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Template {
    /// A score, a class, a limit.
    Minimal,
    /// The same with terms, invoices and a collection ladder.
    TradeCredit,
}

impl Template {
    /// Its folder under `templates`.
    fn folder(self) -> &'static str {
        match self {
            Template::Minimal => "minimal",
            Template::TradeCredit => "trade-credit",
        }
    }
}

/// The files of `templates/<template>/<language>`: that folder, the path inside it, the text.
const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The files that every project gets.
const SHARED: &[(&str, &str)] = &[
    (".editorconfig", include_str!("../../../templates/shared/editorconfig")),
    (".gitignore", include_str!("../../../templates/shared/gitignore")),
    (".vscode/settings.json", include_str!("../../../templates/shared/vscode-settings.json")),
    (".vscode/extensions.json", include_str!("../../../templates/shared/vscode-extensions.json")),
    (".github/workflows/gradus.yml", include_str!("../../../examples/ci/.github/workflows/gradus.yml")),
];

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Result<Exit, Failure> {
    let folder = &args.folder;
    hold_empty(folder, session)?;
    let template = format!("{}/{}", args.template.folder(), session.lang().pick("en", "zh"));
    let own = FILES.iter().filter(|(of, _, _)| *of == template).map(|(_, path, text)| (*path, *text));
    for (path, text) in own.chain(SHARED.iter().copied()) {
        let file = folder.join(path);
        session.make_folder(file.parent().unwrap_or(folder))?;
        session.write_file(&file, text.as_bytes())?;
        session.write(&format!("{}\n", shown(&file)))?;
    }
    session.note(&next(folder, session.lang()));
    Ok(Exit::Done)
}

/// Nothing that somebody has written is touched. A folder in which only git stands is as good as an empty one.
fn hold_empty(folder: &Path, session: &Session<'_>) -> Result<(), Failure> {
    let told = match session.world.place(folder) {
        None => return Ok(()),
        Some(Place::File) => Diagnostic::nowhere("E932").variant("file").arg("path", shown(folder)),
        Some(Place::Folder) => {
            let inside = session.world.list(folder).unwrap_or_default();
            let Some(found) = inside.iter().find(|path| !path.ends_with(".git")) else { return Ok(()) };
            Diagnostic::nowhere("E932").arg("path", shown(folder)).arg("found", shown(found))
        }
    };
    Err(told.help("other").into())
}

/// What to type next.
fn next(folder: &Path, lang: Lang) -> String {
    let folder = shown(folder);
    let folder = if folder.contains(' ') { format!("\"{folder}\"") } else { folder };
    match lang {
        Lang::En => format!(
            "\nthe project stands; next:\n  cd {folder}\n  gradus test    everything is green\n\
             then change a weight in the policy and type `gradus test` again: it tells which customer moves, and why. README.md says more"
        ),
        Lang::Zh => format!(
            "\n项目已建好, 接下来:\n  cd {folder}\n  gradus test    全部通过\n\
             然后改动政策中的一个权重, 再运行 `gradus test`: 它会说明哪个客户有变动、为什么。详见 README.md"
        ),
    }
}
