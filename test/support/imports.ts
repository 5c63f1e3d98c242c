import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { type FolderRule, IMPORT_RULES, IMPURE_GLOBALS, MAX_FILE_LINES, NOT_INCLUDED } from './import-rules.ts';

/** A module's path from the repository's root, with `/`, and its text. */
export interface SourceModule {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Every TypeScript module below the folders, declarations left out. */
export function readModules(root: string, folders: readonly string[]): SourceModule[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[cm]?tsx?$/.test(name) && !name.endsWith('.d.ts') && !name.includes('node_modules'))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

function parse({ path, text }: SourceModule): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

function clauseIsTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  const clause = ts.isImportDeclaration(node) ? node.importClause : node;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  if (named === undefined || !(ts.isNamedImports(named) || ts.isNamedExports(named))) return false;
  const alsoDefault = ts.isImportDeclaration(node) && node.importClause?.name !== undefined;
  return !alsoDefault && named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** Static, re-exported, dynamic and type-position imports, and `new URL('./worker.ts', import.meta.url)`. */
function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const { text } = specifier;
    const target = text.startsWith('.') ? posix.join(posix.dirname(source.fileName), text) : text;
    found.push({ target, typeOnly });
  };
  visit(source, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier, clauseIsTypeOnly(node));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    else if (ts.isCallExpression(node) && node.expression.getText() === 'require') add(node.arguments[0], false);
    else if (
      ts.isNewExpression(node) &&
      node.expression.getText() === 'URL' &&
      node.arguments?.[1]?.getText() === 'import.meta.url'
    ) {
      add(node.arguments[0], false);
    }
  });
  return found;
}

/** The rule of a module: that of the longest prefix. */
function ruleOf(path: string): [string, FolderRule] | null {
  const prefixes = Object.keys(IMPORT_RULES).filter((prefix) => path.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? null : [longest, IMPORT_RULES[longest]];
}

function covers(prefixes: readonly string[], target: string): boolean {
  return prefixes.some((prefix) => {
    const without = NOT_INCLUDED[prefix];
    return target.startsWith(prefix) && !without?.test(target);
  });
}

function isOurs(target: string): boolean {
  return target.startsWith('src/') || target.startsWith('hardware/') || target.startsWith('dashboards/');
}

function isForbidden(prefix: string, rule: FolderRule, { target, typeOnly }: Import): boolean {
  const own = prefix.endsWith('/') ? [prefix] : [];
  if (isOurs(target)) {
    if (covers([...own, ...rule.mayImport], target)) return false;
    return !(typeOnly && covers(rule.mayImportTypes ?? [], target));
  }
  const name = isBuiltin(target) ? `node:${target.replace(/^node:/, '')}` : target;
  if (rule.alone || rule.notPackages?.some((banned) => name === banned || name.startsWith(`${banned}/`))) return true;
  return isBuiltin(target) && rule.node !== 'all' && !rule.node.includes(name);
}

function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return parent.getLastToken() === node;
  return 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
}

/** What a pure module may not ask the world for. */
function impurities(source: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(source, (node) => {
    if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && !isName(node)) found.push(node.text);
    if (ts.isPropertyAccessExpression(node) && /^(Date\.now|Math\.random)$/.test(node.getText()))
      found.push(node.getText());
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      found.push('new Date()');
    if (ts.isCallExpression(node) && node.expression.getText() === 'Date') found.push('Date()');
  });
  return found;
}

/** Every breach of the rules, as `path: what is wrong`. */
export function breachesIn(modules: readonly SourceModule[]): string[] {
  return modules.flatMap((module) => {
    const found: string[] = [];
    const lines = module.text.split('\n').length - 1;
    if (lines > MAX_FILE_LINES) found.push(`${lines} lines; at most ${MAX_FILE_LINES}`);
    const ruled = ruleOf(module.path);
    if (ruled === null) return [`${module.path}: no rule says what it may import`];
    const [prefix, rule] = ruled;
    const source = parse(module);
    for (const imported of importsOf(source)) {
      if (isForbidden(prefix, rule, imported)) found.push(`may not import ${imported.target}`);
    }
    if (rule.pure) found.push(...impurities(source).map((name) => `is pure and may not use ${name}`));
    return found.map((what) => `${module.path}: ${what}`);
  });
}

/** How many imports there are at all: a check that sees none has gone blind. */
export function countImports(modules: readonly SourceModule[]): number {
  return modules.reduce((sum, module) => sum + importsOf(parse(module)).length, 0);
}
