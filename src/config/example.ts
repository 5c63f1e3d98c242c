import { stringify } from 'yaml';
import { ConfigSchema } from './schema.ts';
import type { Shape } from './shape.ts';

const HEAD = `# Configuration of Bandwarden. Every key is optional; what stands here are the defaults.
# \`bandwarden check-config FILE\` checks a file. An unknown key is an error.
# Single values can also be set by the environment: http.port by BANDWARDEN_HTTP_PORT, and so on.
# This file is generated from src/config/schema.ts by \`npm run docs:config\`.
`;

const LINE_CHARACTERS = 118;

function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > LINE_CHARACTERS) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function choices(shape: Shape): string {
  return shape.enum === undefined ? '' : `One of ${shape.enum.join(', ')}.`;
}

function linesOf(key: string, shape: Shape, indent: string): string[] {
  const about = [shape.description ?? '', choices(shape)].filter((part) => part !== '').join(' ');
  const lines = about === '' ? [] : comment(about, indent);
  if (shape.properties === undefined) {
    lines.push(`${indent}${key}: ${stringify(shape.default).trimEnd()}`);
    return lines.concat((shape.examples ?? []).map((text) => `${indent}# ${text.startsWith('- ') ? '' : '  '}${text}`));
  }
  lines.push(`${indent}${key}:`);
  for (const [name, inner] of Object.entries(shape.properties)) lines.push(...linesOf(name, inner, `${indent}  `));
  return lines;
}

/** docs/bandwarden.example.yaml. */
export function exampleConfig(): string {
  const sections = Object.entries((ConfigSchema as Shape).properties ?? {});
  return [HEAD, ...sections.map(([key, shape]) => `${linesOf(key, shape, '').join('\n')}\n`)].join('\n');
}
