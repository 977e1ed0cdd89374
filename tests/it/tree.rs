//! A tree as text: nested brackets without places, made of what `Debug` shows, so that no node can be forgotten.

use std::fmt::{Debug, Write};
use std::iter::Peekable;
use std::str::Chars;

/// What `Debug` shows of a value.
enum Node {
    /// A number, a place, a word.
    Word(String),
    /// A text in quotation marks.
    Text(String),
    /// `[…]`, `(…)` without a name.
    List(Vec<Node>),
    /// `Name { … }`, `Name(…)`
    Named(String, Vec<(String, Node)>),
}

/// The tree, one short node a line.
pub fn tree(value: &impl Debug) -> String {
    let mut out = String::new();
    print(&simple(read(value)), 0, &mut out);
    out
}

/// The tree without names, texts and the spelling of literals: what twins in two languages share.
pub fn shape(value: &impl Debug) -> String {
    let mut out = String::new();
    print(&simple(bare(read(value))), 0, &mut out);
    out
}

fn read(value: &impl Debug) -> Node {
    let shown = format!("{value:?}");
    node(&mut shown.chars().peekable())
}

fn node(chars: &mut Peekable<Chars<'_>>) -> Node {
    match chars.peek() {
        Some('"') => Node::Text(text(chars)),
        Some('[' | '(') => Node::List(members(chars).into_iter().map(|(_, node)| node).collect()),
        _ => {
            let mut word = String::new();
            while let Some(ch) = chars.next_if(|ch| !",()[]{} ".contains(*ch)) {
                word.push(ch);
            }
            match chars.peek().copied() {
                Some('(') => Node::Named(word, members(chars)),
                Some(' ') if chars.clone().nth(1) == Some('{') => {
                    chars.next();
                    Node::Named(word, members(chars))
                }
                _ => Node::Word(word),
            }
        }
    }
}

/// What stands in brackets, each with its field's name where it has one.
fn members(chars: &mut Peekable<Chars<'_>>) -> Vec<(String, Node)> {
    let fields = chars.next() == Some('{');
    let mut members = Vec::new();
    loop {
        while chars.next_if(|ch| ", ".contains(*ch)).is_some() {}
        assert!(chars.peek().is_some(), "what Debug shows has no end");
        if chars.next_if(|ch| ")]}".contains(*ch)).is_some() {
            return members;
        }
        let mut field = String::new();
        if fields {
            while let Some(ch) = chars.next_if(|ch| *ch != ':') {
                field.push(ch);
            }
            chars.next();
            chars.next();
        }
        members.push((field, node(chars)));
    }
}

fn text(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut text = String::from(chars.next().unwrap());
    loop {
        let ch = chars.next().unwrap();
        text.push(ch);
        match ch {
            '\\' => text.push(chars.next().unwrap()),
            '"' => return text,
            _ => {}
        }
    }
}

/// Takes away names, texts, and how literals are written.
fn bare(node: Node) -> Node {
    match node {
        Node::Named(name, fields) => {
            let fields = fields
                .into_iter()
                .filter(|(field, _)| !matches!(field.as_str(), "label" | "written"))
                .map(|(field, node)| (field, bare(node)))
                .collect();
            Node::Named(name, fields)
        }
        Node::List(nodes) => Node::List(nodes.into_iter().map(bare).collect()),
        Node::Text(text) if text.trim_matches('"').chars().all(|ch| ch.is_ascii_digit() || ch == '.') => {
            Node::Text(text)
        }
        Node::Text(_) => Node::Text(String::from("_")),
        Node::Word(word) => Node::Word(word),
    }
}

/// Takes away places and what is not there; names and literals become what is written.
fn simple(node: Node) -> Node {
    match node {
        Node::Named(name, fields) => {
            let mut fields: Vec<(String, Node)> = fields
                .into_iter()
                .filter(|(field, _)| field != "span")
                .map(|(field, node)| (field, simple(node)))
                .filter(|(field, node)| !(absent(node) || field.is_empty() && place(node)))
                .collect();
            if name == "Some" && fields.is_empty() {
                return Node::Word(String::from("said"));
            }
            match (name.as_str(), fields.len()) {
                (
                    "Some" | "Name" | "Expr" | "Text" | "Datum" | "TypeExpr" | "Item" | "Outcome" | "Pattern"
                    | "Named",
                    1,
                ) => fields.remove(0).1,
                ("Literal", _) => match fields.pop() {
                    Some((field, Node::Text(written))) if field == "written" => {
                        let kind = fields.pop().map(|(_, kind)| kind);
                        let value = kind.map(|kind| inline(&kind)).unwrap_or_default();
                        Node::Word(format!("{}={value}", written[1..written.len() - 1].replace("\\\"", "'")))
                    }
                    Some((_, kind)) => kind,
                    None => Node::Word(name),
                },
                _ => Node::Named(name, fields),
            }
        }
        Node::List(nodes) => Node::List(nodes.into_iter().map(simple).filter(|node| !place(node)).collect()),
        other => other,
    }
}

/// `0:12..15`
fn place(node: &Node) -> bool {
    matches!(node, Node::Word(word) if word.contains(':') && word.contains(".."))
}

fn absent(node: &Node) -> bool {
    match node {
        Node::Word(word) => word == "None",
        Node::List(nodes) => nodes.is_empty(),
        Node::Named(name, fields) => {
            fields.is_empty() && matches!(name.as_str(), "Label" | "Reason" | "Range")
        }
        Node::Text(_) => false,
    }
}

fn inline(node: &Node) -> String {
    match node {
        Node::Word(word) | Node::Text(word) => word.clone(),
        Node::List(nodes) => format!("[{}]", nodes.iter().map(inline).collect::<Vec<_>>().join(" ")),
        Node::Named(name, fields) => {
            let mut out = format!("({name}");
            for (field, node) in fields {
                let colon = if field.is_empty() { "" } else { ":" };
                let _ = write!(out, " {field}{colon}{}", inline(node));
            }
            out.push(')');
            out
        }
    }
}

fn print(node: &Node, indent: usize, out: &mut String) {
    let line = inline(node);
    if line.chars().count() + indent < 110 {
        let _ = writeln!(out, "{:indent$}{line}", "");
        return;
    }
    match node {
        Node::Word(_) | Node::Text(_) => {
            let _ = writeln!(out, "{:indent$}{line}", "");
        }
        Node::List(nodes) => nodes.iter().for_each(|node| print(node, indent, out)),
        Node::Named(name, fields) => {
            let _ = writeln!(out, "{:indent$}{name}", "");
            for (field, node) in fields {
                let line = inline(node);
                if !field.is_empty() && line.chars().count() + indent < 96 {
                    let _ = writeln!(out, "{:indent$}  {field}: {line}", "");
                } else {
                    if !field.is_empty() {
                        let _ = writeln!(out, "{:indent$}  {field}:", "");
                    }
                    print(node, indent + if field.is_empty() { 2 } else { 4 }, out);
                }
            }
        }
    }
}
