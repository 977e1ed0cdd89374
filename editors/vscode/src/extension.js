// The client: starts `gradus lsp`, and shows what came of a case in a document of its own.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function start() {
  const settings = vscode.workspace.getConfiguration("gradus");
  const lang = settings.get("lang", "auto");
  const server = {
    command: settings.get("path", "gradus"),
    args: lang === "auto" ? ["lsp"] : ["--lang", lang, "lsp"],
    transport: TransportKind.stdio,
  };
  client = new LanguageClient("gradus", "Gradus", server, {
    documentSelector: [
      { scheme: "file", language: "gradus" },
      { scheme: "untitled", language: "gradus" },
      // Policy manuals, of which the server takes those with `gradus` blocks, and case files.
      { scheme: "file", language: "markdown" },
      { scheme: "file", pattern: "**/*.cases.toml" },
    ],
    initializationOptions: { showsCases: true },
  });
  return client.start();
}

// The story of a case is read, never written: it stands in a document that nothing saves.
const stories = new Map();
const changed = new vscode.EventEmitter();

async function showCase(uri, place) {
  const ran = await client.sendRequest("workspace/executeCommand", {
    command: "gradus.runCase",
    arguments: [uri, place],
  });
  const target = vscode.Uri.parse(`gradus-case:${encodeURIComponent(ran.name)}.txt`);
  stories.set(target.toString(), ran.story ?? ran.line);
  changed.fire(target);
  const document = await vscode.workspace.openTextDocument(target);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}

async function activate(context) {
  const provider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => stories.get(uri.toString()) ?? "",
  };
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider("gradus-case", provider),
    vscode.commands.registerCommand("gradus.showCase", showCase),
    vscode.commands.registerCommand("gradus.restart", async () => {
      await client?.stop();
      await start();
    }),
  );
  await start();
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
