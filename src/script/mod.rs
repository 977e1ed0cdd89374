//! Functions written in Rhai, behind typed declarations and hard limits.
//!
//! [`check`] holds the files against the declarations of a policy; a [`Host`] calls them for the interpreter. A call
//! that goes wrong, however it does, is an error of that one call: the value is unknown and the text of the error stands
//! in the explanation.

mod convert;
mod engine;

use std::collections::BTreeMap;

use rhai::{AST, CallFnOptions, Dynamic, Engine, Scope};

pub use self::engine::{
    MOST_CALLS, MOST_DEPTH, MOST_OPERATIONS, MOST_SOURCE, MOST_TEXT, MOST_VALUES, MOST_VARIABLES,
};
use crate::base::{Str, nearest};
use crate::diag::Diagnostic;
use crate::eval::{ScriptError, ScriptFunction, ScriptHost};
use crate::value::{Enums, Value};

/// Calls the functions of the scripts of one plan.
pub struct Host {
    engine: Engine,
    functions: Vec<Function>,
    enums: Enums,
}

struct Function {
    declared: ScriptFunction,
    /// The file, or why it could not be read.
    file: Result<AST, Str>,
}

impl Host {
    /// Reads the scripts of a plan. What [`check`] reports makes every call of that function fail.
    #[must_use]
    pub fn new(functions: &[ScriptFunction], enums: &Enums) -> Host {
        let engine = engine::engine();
        let mut files: BTreeMap<Str, Result<AST, Str>> = BTreeMap::new();
        let functions = functions
            .iter()
            .map(|declared| {
                let file = files
                    .entry(declared.source.clone())
                    .or_insert_with(|| compile(&engine, &declared.source).map_err(|slip| slip.message))
                    .clone();
                Function { declared: declared.clone(), file }
            })
            .collect();
        Host { engine, functions, enums: enums.clone() }
    }
}

impl ScriptHost for Host {
    fn call(&self, function: u32, arguments: &[Value]) -> Result<Value, ScriptError> {
        let failed = |message: Str| ScriptError { message };
        let Some(Function { declared, file }) = self.functions.get(function as usize) else {
            return Err(failed("there is no such function".into()));
        };
        let file = file.as_ref().map_err(|message| failed(message.clone()))?;
        if arguments.len() != declared.parameters.len() {
            return Err(failed("not as many arguments as are declared".into()));
        }
        let arguments = arguments
            .iter()
            .zip(&declared.parameters)
            .map(|(value, ty)| convert::into_script(value, ty, &self.enums))
            .collect::<Result<Vec<Dynamic>, String>>()
            .map_err(|message| failed(message.into()))?;
        // Only functions are run: what stands outside them in the file would run on every call.
        let options = CallFnOptions::new().eval_ast(false);
        let name: &str = &declared.name;
        let given = self
            .engine
            .call_fn_with_options::<Dynamic>(options, &mut Scope::new(), file, name, arguments)
            .map_err(|error| failed(error.to_string().into()))?;
        convert::from_script(&given, &declared.result, &declared.range, &self.enums)
            .map_err(|message| failed(message.into()))
    }
}

/// A mistake in the text of a script.
struct Slip {
    message: Str,
    line: usize,
    column: usize,
}

fn compile(engine: &Engine, source: &str) -> Result<AST, Slip> {
    if source.len() > MOST_SOURCE {
        let message =
            format!("the file has {} bytes; a script has {MOST_SOURCE} at most", source.len()).into();
        return Err(Slip { message, line: 1, column: 1 });
    }
    engine.compile(source).map_err(|error| {
        let place = error.position();
        let (line, column) = (place.line().unwrap_or(1), place.position().unwrap_or(1));
        Slip { message: error.err_type().to_string().into(), line, column }
    })
}

/// Holds the files of scripts against their declarations: that each can be read, has the functions declared, and these
/// take as many arguments. Every mistake is told at the declaration, with its line in the script.
#[must_use]
pub fn check(functions: &[ScriptFunction]) -> Vec<Diagnostic> {
    let engine = engine::engine();
    let mut found = Vec::new();
    let mut broken: Vec<&Str> = Vec::new();
    for declared in functions {
        if broken.contains(&&declared.source) {
            continue;
        }
        match compile(&engine, &declared.source) {
            Ok(file) => found.extend(against(declared, &file)),
            Err(slip) => {
                broken.push(&declared.source);
                found.push(
                    Diagnostic::new("E801", declared.span)
                        .arg("file", &declared.file)
                        .arg("line", slip.line)
                        .arg("column", slip.column)
                        .arg("what", &slip.message)
                        .help("main"),
                );
            }
        }
    }
    found
}

fn against(declared: &ScriptFunction, file: &AST) -> Option<Diagnostic> {
    let same_name: Vec<usize> = file
        .iter_functions()
        .filter(|function| function.name == &*declared.name)
        .map(|function| function.params.len())
        .collect();
    let mistake = |code: &'static str| {
        Diagnostic::new(code, declared.span).arg("name", &declared.name).arg("file", &declared.file)
    };
    if same_name.contains(&declared.parameters.len()) {
        return None;
    }
    if let Some(parameters) = same_name.first() {
        return Some(
            mistake("E803")
                .arg("declared", declared.parameters.len())
                .arg("written", parameters)
                .help("main"),
        );
    }
    let names: Vec<&str> = file.iter_functions().map(|function| function.name).collect();
    let mistake = mistake("E802");
    Some(match nearest(&declared.name, names.iter().copied()) {
        Some(near) => mistake.arg("near", near).help("near"),
        None => mistake.help("write"),
    })
}
