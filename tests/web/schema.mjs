/** Checks frames against web/protocol/carillon.v1.schema.json: as much of JSON Schema as that file uses. */

import { readFileSync } from "node:fs";

const schema = JSON.parse(readFileSync(new URL("../../web/protocol/carillon.v1.schema.json", import.meta.url)));

const TYPES = {
    object: (v) => typeof v === "object" && v !== null && !Array.isArray(v), array: Array.isArray,
    string: (v) => typeof v === "string", boolean: (v) => typeof v === "boolean", null: (v) => v === null,
    integer: Number.isInteger, number: (v) => typeof v === "number",
};

/** Keyword -> what is wrong with the value, or nothing. */
const KEYWORDS = {
    $ref: (ref, v) => wrong(schema.$defs[ref.replace("#/$defs/", "")], v),
    type: (type, v) => (TYPES[type](v) ? "" : `not of type ${type}`),
    const: (one, v) => (v === one ? "" : `not ${one}`),
    enum: (all, v) => (all.includes(v) ? "" : `${JSON.stringify(v)} is none of ${all}`),
    oneOf: (all, v) => (all.filter((one) => !wrong(one, v)).length === 1 ? ""
        : `fits not exactly one: ${all.map((one) => wrong(one, v)).filter(Boolean).slice(0, 3).join("; ")}`),
    required: (names, v) => (names.every((name) => name in v) ? "" : `lacks one of ${names}`),
    properties: (rows, v) => Object.entries(rows).map(([name, one]) => (
        name in v && wrong(one, v[name]) ? `${name}: ${wrong(one, v[name])}` : "")).find(Boolean) ?? "",
    items: (one, v) => v.map((item) => wrong(one, item)).find(Boolean) ?? "",
    minItems: (n, v) => (v.length >= n ? "" : "too few"),
    maxItems: (n, v) => (v.length <= n ? "" : "too many"),
    uniqueItems: (_, v) => (new Set(v).size === v.length ? "" : "twice the same"),
    minLength: (n, v) => (v.length >= n ? "" : "too short"),
    maxLength: (n, v) => (v.length <= n ? "" : "too long"),
    pattern: (text, v) => (new RegExp(text, "u").test(v) ? "" : `does not match ${text}`),
    minimum: (n, v) => (v >= n ? "" : "too small"),
    maximum: (n, v) => (v <= n ? "" : "too large"),
};
const SILENT = ["description"];

function wrong(one, value) {
    for (const [keyword, argument] of Object.entries(one)) {
        if (SILENT.includes(keyword)) continue;
        if (!KEYWORDS[keyword]) throw new Error(`schema.mjs does not know ${keyword}`);
        if (one.type && keyword !== "type" && !TYPES[one.type](value)) continue;
        const found = KEYWORDS[keyword](argument, value);
        if (found) return found;
    }
    return "";
}

/** What is wrong with a frame of "ClientFrame" or "ServerFrame"; "" when nothing is. */
export const wrongWith = (name, frame) => wrong(schema.$defs[name], frame);

/** What is wrong with the result of `method`. */
export const wrongWithResult = (method, result) => wrong({ $ref: schema.methods.client[method].result }, result);
