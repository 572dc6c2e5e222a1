/**
 * Writes the TypeScript types of the protocol from its schema: node web/protocol/types.mjs [--check]
 *   --check: says whether web/client/src/v1/protocol.ts is what the schema makes, and writes nothing.
 */

import { readFileSync, writeFileSync } from "node:fs";

const schema = JSON.parse(readFileSync(new URL("carillon.v1.schema.json", import.meta.url)));
const target = new URL("../client/src/v1/protocol.ts", import.meta.url);

const nameOf = (reference) => reference.replace("#/$defs/", "");
const comment = (text, indent = "") => (text ? `${indent}/** ${text.replaceAll("*/", "* /")} */\n` : "");
const union = (types) => [...new Set(types)].join(" | ");
const element = (type) => (type.includes(" | ") ? `(${type})[]` : `${type}[]`);

/** Rows: what a schema has to have, and the type it makes. The first that fits. */
const RULES = [
    [(s) => s.$ref, (s) => nameOf(s.$ref)],
    [(s) => "const" in s, (s) => JSON.stringify(s.const)],
    [(s) => s.enum, (s) => union(s.enum.map((value) => JSON.stringify(value)))],
    [(s) => s.oneOf && !s.properties, (s) => union(s.oneOf.map((one) => typeOf(one)))],
    [(s) => s.type === "array", (s) => element(typeOf(s.items))],
    [(s) => s.type === "object" && s.properties, (s, indent) => objectOf(s, indent)],
    [(s) => s.type === "object", () => "object"],
    [(s) => s.type === "integer" || s.type === "number", () => "number"],
    [(s) => ["string", "boolean", "null"].includes(s.type), (s) => s.type],
];

function typeOf(one, indent = "") {
    const rule = RULES.find(([fits]) => fits(one));
    if (!rule) throw new Error(`no rule for ${JSON.stringify(one)}`);
    return rule[1](one, indent);
}

function objectOf({ properties, required = [] }, indent) {
    const inner = `${indent}    `;
    const members = Object.entries(properties).map(([name, value]) => (
        `${comment(value.description, inner)}${inner}${name}${required.includes(name) ? "" : "?"}: ${typeOf(value, inner)};\n`));
    return members.length === 0 ? "Record<string, unknown>" : `{\n${members.join("")}${indent}}`;
}

function methods(name, rows, withResult) {
    const lines = Object.entries(rows).map(([method, { params, result, description }]) => (
        `${comment(description, "    ")}    "${method}": ${withResult
            ? `{ params: ${nameOf(params)}; result: ${nameOf(result)} }` : nameOf(params)};\n`));
    return `export interface ${name} {\n${lines.join("")}}\n`;
}

function generate() {
    const definitions = Object.entries(schema.$defs)
        .map(([name, value]) => `${comment(value.description)}export type ${name} = ${typeOf(value)};\n`);
    return [
        "// Made from web/protocol/carillon.v1.schema.json by web/protocol/types.mjs; change the schema instead.\n",
        ...definitions,
        `/** What a page asks, by method. */\n${methods("Requests", schema.methods.client, true)}`,
        `/** What a page is told, by method. */\n${methods("Events", schema.methods.server, false)}`,
    ].join("\n");
}

const text = generate();
if (!process.argv.includes("--check")) {
    writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
    console.error("web/client/src/v1/protocol.ts is not what the schema makes: run node web/protocol/types.mjs");
    process.exitCode = 1;
}
