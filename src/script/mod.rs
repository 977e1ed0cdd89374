//! Functions written in Rhai, behind typed declarations and hard limits.
//!
//! [`check`] holds the files against the declarations of a policy; a [`Host`] calls them for the interpreter. A call
//! that goes wrong, however it does, is an error of that one call: the value is unknown and the text of the error stands
//! in the explanation.

mod convert;
mod engine;

use std::collections::BTreeMap;

use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, LexError, ParseErrorType, Scope};

pub use self::engine::{
    MOST_CALLS, MOST_DEPTH, MOST_OPERATIONS, MOST_SOURCE, MOST_TEXT, MOST_VALUES, MOST_VARIABLES,
};
use crate::base::{FileId, Label, SourceMap, Span, Str, nearest};
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
    file: Result<AST, Label>,
}

impl Host {
    /// Reads the scripts of a plan. What [`check`] reports makes every call of that function fail.
    #[must_use]
    pub fn new(functions: &[ScriptFunction], enums: &Enums) -> Host {
        let engine = engine::engine();
        let mut files: BTreeMap<Str, Result<AST, Label>> = BTreeMap::new();
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
        let failed = |message: Label| ScriptError { message };
        let Some(Function { declared, file }) = self.functions.get(function as usize) else {
            return Err(failed(said("there is no such function", "没有这个函数")));
        };
        let file = file.as_ref().map_err(|message| failed(message.clone()))?;
        if arguments.len() != declared.parameters.len() {
            return Err(failed(said("not as many arguments as are declared", "参数个数与声明不符")));
        }
        let arguments = arguments
            .iter()
            .zip(&declared.parameters)
            .map(|(value, ty)| convert::into_script(value, ty, &self.enums))
            .collect::<Result<Vec<Dynamic>, Label>>()
            .map_err(failed)?;
        // Only functions are run: what stands outside them in the file would run on every call.
        let options = CallFnOptions::new().eval_ast(false);
        let name: &str = &declared.name;
        let given = self
            .engine
            .call_fn_with_options::<Dynamic>(options, &mut Scope::new(), file, name, arguments)
            .map_err(|error| failed(run_error(&error)))?;
        convert::from_script(&given, &declared.result, &declared.range, &self.enums).map_err(failed)
    }
}

/// A text in both languages.
fn said(en: impl Into<Str>, zh: impl Into<Str>) -> Label {
    Label { en: en.into(), zh: zh.into() }
}

/// What went wrong in a script, with its place; words of the script's own stand in both languages as they are.
fn run_error(error: &EvalAltResult) -> Label {
    use EvalAltResult as Error;
    let place = error.position();
    let at = match (place.line(), place.position()) {
        (Some(line), Some(column)) => format!("（第 {line} 行第 {column} 列）"),
        _ => String::new(),
    };
    let zh = match error.unwrap_inner() {
        Error::ErrorTooManyOperations(_) => {
            format!("运算超过 {MOST_OPERATIONS} 步")
        }
        Error::ErrorStackOverflow(_) => format!("函数调用嵌套超过 {MOST_CALLS} 层"),
        Error::ErrorTooManyVariables(_) => format!("变量超过 {MOST_VARIABLES} 个"),
        Error::ErrorDataTooLarge(..) => "值过大：文本过长或列表过多".to_owned(),
        Error::ErrorArithmetic(what, _) => format!("算术错误：{}", arithmetic(what)),
        Error::ErrorRuntime(what, _) => format!("脚本报错：{what}"),
        Error::ErrorVariableNotFound(name, _) => format!("没有变量 `{name}`"),
        Error::ErrorFunctionNotFound(name, _) => format!("没有函数 `{name}`"),
        Error::ErrorArrayBounds(count, place, _) => format!("列表只有 {count} 个值，没有第 {place} 个"),
        Error::ErrorMismatchDataType(wanted, given, _) => {
            format!("类型不符: 应为 {wanted}，实为 {given}")
        }
        other => format!("执行出错：{other}"),
    };
    said(error.to_string(), format!("{zh}{at}"))
}

/// What Rhai says of figures, in Chinese; the figures stay.
fn arithmetic(what: &str) -> String {
    let known = [
        ("Division by zero", "除数为零"),
        ("Modulo division by zero", "除数为零"),
        ("Addition overflow", "加法溢出"),
        ("Subtraction overflow", "减法溢出"),
        ("Multiplication overflow", "乘法溢出"),
        ("Division overflow", "除法溢出"),
    ];
    let said = known.iter().find_map(|(en, zh)| what.strip_prefix(en).map(|rest| format!("{zh}{rest}")));
    said.unwrap_or_else(|| what.to_owned()).replacen(": ", "：", 1)
}

/// A mistake in the text of a script.
struct Slip {
    message: Label,
    line: usize,
    column: usize,
}

fn compile(engine: &Engine, source: &str) -> Result<AST, Slip> {
    if source.len() > MOST_SOURCE {
        let bytes = source.len();
        let en = format!("the file has {bytes} bytes; a script has {MOST_SOURCE} at most");
        let message = said(en, format!("文件有 {bytes} 字节，脚本至多 {MOST_SOURCE} 字节"));
        return Err(Slip { message, line: 1, column: 1 });
    }
    engine.compile(source).map_err(|error| {
        let place = error.position();
        let (line, column) = (place.line().unwrap_or(1), place.position().unwrap_or(1));
        let what = error.err_type();
        Slip { message: said(what.to_string(), misread(what)), line, column }
    })
}

/// What Rhai says of a text that it cannot read, in Chinese. What needs Rhai's own words to be understood keeps them.
fn misread(error: &ParseErrorType) -> String {
    match error {
        ParseErrorType::UnexpectedEOF => "脚本没有写完".to_owned(),
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _)) if !word.is_empty() => {
            format!("脚本中没有 `{word}`")
        }
        ParseErrorType::BadInput(LexError::UnterminatedString) => "文本没有结束".to_owned(),
        ParseErrorType::Reserved(word) => format!("`{word}` 是保留字"),
        ParseErrorType::MissingToken(token, _) => format!("此处缺少 `{token}`"),
        ParseErrorType::UnknownOperator(sign) => format!("没有运算符 `{sign}`"),
        ParseErrorType::VariableUndefined(name) => format!("没有变量 `{name}`"),
        ParseErrorType::FnDuplicatedDefinition(name, _) => format!("函数 `{name}` 写了两次"),
        ParseErrorType::ExprTooDeep => "表达式层次过深".to_owned(),
        other => format!("无法读懂：{other}"),
    }
}

/// Holds the files of scripts against their declarations: that each can be read, has the functions declared, and these
/// take as many arguments. Every mistake is told at the declaration, with its line in the script.
#[must_use]
pub fn check(functions: &[ScriptFunction]) -> Vec<Diagnostic> {
    checked(functions, &mut |_, _| None)
}

/// The same where texts are shown: a script that cannot be read is one of them, and its mistake is told where it stands.
pub fn check_in(functions: &[ScriptFunction], sources: &mut SourceMap) -> Vec<Diagnostic> {
    checked(functions, &mut |declared, slip| {
        let name = name_of(declared, sources)?;
        let file = known(&name, sources).unwrap_or_else(|| sources.add(name, declared.source.clone()));
        place_of(declared, slip, file)
    })
}

/// The same where the texts are those that were read: the mistakes of a script that is among them are told where they stand.
#[must_use]
pub fn check_among(functions: &[ScriptFunction], sources: &SourceMap) -> Vec<Diagnostic> {
    checked(functions, &mut |declared, slip| {
        let file = known(&name_of(declared, sources)?, sources)?;
        place_of(declared, slip, file)
    })
}

/// The name of a script: it is written from the folder of its policy.
fn name_of(declared: &ScriptFunction, sources: &SourceMap) -> Option<String> {
    let policy = sources.get(declared.span.file)?.name();
    let folder = policy.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    Some(format!("{folder}{}", declared.file))
}

fn known(name: &str, sources: &SourceMap) -> Option<FileId> {
    sources.iter().find(|(_, source)| source.name() == name).map(|(file, _)| file)
}

/// The place of a mistake in the text of its script.
fn place_of(declared: &ScriptFunction, slip: &Slip, file: FileId) -> Option<Span> {
    let above = declared.source.split_inclusive('\n').take(slip.line.saturating_sub(1)).map(str::len);
    let begins = above.fold(0_usize, usize::saturating_add);
    let line = declared.source.get(begins..)?.lines().next().unwrap_or("");
    let mut columns = line.char_indices().map(|(at, _)| at).skip(slip.column.saturating_sub(1));
    let at = begins.saturating_add(columns.next().unwrap_or(line.len()));
    let end = begins.saturating_add(columns.next().unwrap_or(line.len())).max(at);
    Some(Span::new(file, u32::try_from(at).ok()?, u32::try_from(end).ok()?))
}

/// What is wrong with scripts; `place` gives the place of a mistake in the text of its script.
fn checked(
    functions: &[ScriptFunction],
    place: &mut dyn FnMut(&ScriptFunction, &Slip) -> Option<Span>,
) -> Vec<Diagnostic> {
    let engine = engine::engine();
    let mut found = Vec::new();
    let mut broken: Vec<&Str> = Vec::new();
    for declared in functions {
        // A script that is not there was told of where it was looked for; that it lacks functions goes without saying.
        if declared.source.is_empty() || broken.contains(&&declared.source) {
            continue;
        }
        match compile(&engine, &declared.source) {
            Ok(file) => found.extend(against(declared, &file)),
            Err(slip) => {
                broken.push(&declared.source);
                let there = place(declared, &slip);
                let Label { en, zh } = slip.message;
                let told = Diagnostic::new("E801", there.unwrap_or(declared.span))
                    .arg("file", &declared.file)
                    .arg("line", slip.line)
                    .arg("column", slip.column)
                    .arg_in("what", &en, &zh)
                    .help("main");
                found.push(match there {
                    Some(_) => told.label(declared.span, "declared"),
                    None => told,
                });
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
