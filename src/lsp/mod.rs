//! A language server: what `ide` knows, told to an editor over stdio.
//!
//! One thread does all work, message by message. Where none waits, the next policy that is not as it stands is built, the edited
//! one first, and what is wrong with it is told. So a burst of keystrokes costs one build, and no answer waits for more than one.

mod answers;
mod casefiles;
mod cases;
mod lenses;
mod overlay;
mod project;
mod server;
mod text;
mod uri;

pub use project::Project;
pub use server::Server;
pub use text::{Encoding, Position, Range, Text};

use lsp_server::Connection;

use crate::base::Lang;
use crate::store::World;

/// Serves one editor over stdin and stdout until it says goodbye.
///
/// # Errors
/// What the editor sent is no message of the protocol, or the streams broke: in words.
pub fn serve(world: &dyn World, lang: Lang) -> Result<(), String> {
    let (connection, threads) = Connection::stdio();
    let served = Server::begin(&connection, world, lang).and_then(|mut server| server.run(&connection));
    // The writer ends when nobody can send to it any more.
    drop(connection);
    let joined = threads.join().map_err(|error| error.to_string());
    served.and(joined)
}
