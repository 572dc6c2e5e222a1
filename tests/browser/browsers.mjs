/** Starts Debian's browsers, each in a fresh profile, with a page of our own that runs page.js. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHROMIUM = '/usr/bin/chromium';
const FIREFOX = '/usr/bin/firefox-esr';

// Fake microphone and camera, addresses instead of mDNS names, loopback too, and no traffic of the browser's own.
const CHROMIUM_FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    '--disable-features=WebRtcHideLocalIpsWithMdns', '--allow-loopback-in-peer-connection',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic',
];

const FIREFOX_PREFERENCES = {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.peerconnection.ice.obfuscate_host_addresses': false,
    'media.peerconnection.ice.loopback': true,
    'app.update.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
};

/** A page on http://127.0.0.1 counts as secure, so it gets microphone and camera. */
export async function servePage() {
    const script = readFileSync(new URL('page.js', import.meta.url));
    const server = createServer((request, response) => {
        const isScript = request.url === '/page.js';
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
        response.end(isScript ? script : '<!doctype html><title>Carillon</title><script src="/page.js"></script>');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/`,
        close() {
            server.closeAllConnections?.();
            server.close();
        },
    };
}

function need(path, debianPackage) {
    if (!existsSync(path)) throw new Error(`${path} is missing: apt-get install ${debianPackage}`);
    return path;
}

/**
 * `run(name, argument)` calls a function of page.js and gives what it returns. `renew()` starts a fresh page: Chromium
 * lets one make no more than 500 connections.
 */
function browser(name, version, openPage, close) {
    let page;
    const renew = async () => {
        const next = await openPage(page);
        page = next;
    };
    const run = (fn, argument) => page.evaluate(([called, given]) => window[called](given), [fn, argument]);
    return { name, version, run, renew, close };
}

async function startChromium(url) {
    const { chromium } = await import('playwright-core');
    const started = await chromium.launch({
        executablePath: need(CHROMIUM, 'chromium'), args: CHROMIUM_FLAGS, chromiumSandbox: false,
    });
    // A context of its own makes a process of its own, and with it a new count of connections.
    const openPage = async (old) => {
        const page = await (await started.newContext()).newPage();
        await page.goto(url);
        await old?.context().close();
        return page;
    };
    return browser('chromium', started.version(), openPage, () => started.close());
}

// puppeteer-core over BiDi: playwright-core cannot start Debian's Firefox.
async function startFirefox(url) {
    const { default: puppeteer } = await import('puppeteer-core');
    const home = mkdtempSync(join(tmpdir(), 'carillon-firefox-'));
    const started = await puppeteer.launch({
        browser: 'firefox', executablePath: need(FIREFOX, 'firefox-esr'), headless: true,
        extraPrefsFirefox: FIREFOX_PREFERENCES, env: { ...process.env, HOME: home },
    });
    const openPage = async (old) => {
        const page = old ?? await started.newPage();
        await page.goto(url);
        return page;
    };
    const close = async () => {
        await started.close();
        rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    };
    return browser('firefox', (await started.version()).replace(/^firefox\//i, ''), openPage, close);
}

export const START = { chromium: startChromium, firefox: startFirefox };
