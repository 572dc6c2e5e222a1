/**
 * Real browsers take what Carillon writes: tests/browser/run [--long] [--carillon PROGRAM] [--only WORDS] [-v]
 *   Chromium always; --long: Firefox as well, and calls between the two.
 *   --only: descriptions and calls whose name has these words in it. -v: every verdict, not only the failures.
 * The last line is "N passed, N failed, N skipped". Skipped is what the browser refuses in the original too.
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { START, servePage } from './browsers.mjs';
import { allCalls, play, untranslated } from './calls.mjs';
import { ENDPOINTS, forAll, judge, readCorpus, translateCorpus } from './corpus.mjs';
import { Translator } from './translator.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
    options: {
        long: { type: 'boolean', default: false },
        carillon: { type: 'string', default: `${ROOT}build/release/carillon` },
        only: { type: 'string', default: '' },
        verbose: { type: 'boolean', short: 'v', default: false },
    },
});

const started = Date.now();
const say = (text) => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${text}`);

/** Rows of the table: "browser | suite" -> counts. */
const table = new Map();
const reasons = new Map();

function count(row, name, { verdict, way, why = '' }) {
    const counts = table.get(row) ?? { passed: 0, failed: 0, skipped: 0 };
    counts[verdict] += 1;
    table.set(row, counts);
    if (verdict === 'skipped') reasons.set(`${row}: ${why}`, [...(reasons.get(`${row}: ${why}`) ?? []), name]);
    if (verdict !== 'failed' && !options.verbose) return;
    console.log(`${verdict}  ${row}  ${name}${way ? ` (${way})` : ''}  ${why}`);
}

async function testCorpus(browser, items) {
    for (let at = 0; at < items.length; at += 60) {
        await browser.renew();
        await forAll(items.slice(at, at + 60), 4, async (item) => {
            count(`${browser.name} | ${item.endpoint} ${item.role}s`, item.name, await judge(browser, item));
        });
    }
    // A browser that refuses its own originals would prove nothing about the translated ones.
    const own = table.get(`${browser.name} | ${browser.name} offers`);
    if (own?.skipped > 0) {
        count(`${browser.name} | own originals`, 'all taken', { verdict: 'failed', why: `${own.skipped} refused` });
    }
}

async function testCall(call, translator, from, to) {
    try {
        const heard = await play(call, translator, from, to);
        return { verdict: 'passed', why: JSON.stringify(heard) };
    } catch (error) {
        const direct = await play(call, untranslated, from, to)
            .then(() => 'goes through', (other) => `fails too: ${other.message}`);
        return { verdict: 'failed', why: `${error.message}\n    without Carillon it ${direct}` };
    }
}

async function testCalls(calls, translator, from, to) {
    const row = `${from.name}${to === from ? '' : ` to ${to.name}`} | calls`;
    await forAll(calls, 4, async (call) => count(row, call.name, await testCall(call, translator, from, to)));
}

function report() {
    console.log(`\n${'browser | suite'.padEnd(44)}  passed  failed  skipped`);
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const [row, counts] of table) {
        const numbers = Object.keys(total).map((name) => String(counts[name]).padStart(8));
        console.log(row.padEnd(44) + numbers.join(''));
        for (const name of Object.keys(total)) total[name] += counts[name];
    }
    if (reasons.size > 0) console.log('\nSkipped: the browser refuses the original too');
    for (const [why, names] of reasons) console.log(`  ${names.length} x ${why}\n      ${names.join(' ')}`);
    if (!options.long) console.log('\nFirefox: only with --long');
    // Said otherwise than the last line, which is what is counted.
    for (const [row, counts] of table) console.log(`summary: ${row}: ${counts.passed} hold, ${counts.failed} do not, ${counts.skipped} skipped`);
    for (const [why, names] of reasons) console.log(`summary: skipped, for the browser refuses the original too: ${why}: ${names.join(' ')}`);
    console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
    return total.failed === 0 && total.passed > 0;
}

async function main() {
    const translator = new Translator(options.carillon);
    const page = await servePage();
    const browsers = [];
    try {
        const items = readCorpus(`${ROOT}tests/data/corpus`);
        await translateCorpus(items, translator);
        const chosen = items.filter((item) => item.name.includes(options.only));
        const calls = allCalls().filter((call) => call.name.includes(options.only));
        say(`${items.length} descriptions of ${ENDPOINTS.join(', ')} translated`);
        for (const name of options.long ? ['chromium', 'firefox'] : ['chromium']) {
            const browser = await START[name](page.url);
            browsers.push(browser);
            say(`${name} ${browser.version}`);
            await testCorpus(browser, chosen);
            say(`${name}: descriptions done`);
        }
        for (const browser of browsers) await browser.renew();
        for (const from of browsers) {
            for (const to of browsers) {
                await testCalls(calls, translator, from, to);
                say(`calls from ${from.name} to ${to.name} done`);
            }
        }
    } finally {
        for (const browser of browsers) await browser.close();
        page.close();
        translator.close();
    }
    return report();
}

process.exitCode = (await main()) ? 0 : 1;
