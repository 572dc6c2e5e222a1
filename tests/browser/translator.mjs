/** Carillon's command line, as a black box: SDP -> Jingle XML -> SDP. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Fragment and description both end a line with CR LF; a description starts with its version. */
const descriptions = (text) => text.split(/^(?=v=0\r?$)/m).filter((part) => part !== '');

export class Translator {
    #program;
    #folder = mkdtempSync(join(tmpdir(), 'carillon-browser-'));
    #files = 0;

    constructor(program) {
        this.#program = program;
    }

    close() {
        rmSync(this.#folder, { recursive: true, force: true });
    }

    #keep(text) {
        const file = join(this.#folder, String(this.#files++));
        writeFileSync(file, text);
        return file;
    }

    async #carillon(...words) {
        try {
            return (await execute(this.#program, words, { maxBuffer: 1 << 26 })).stdout;
        } catch (error) {
            const said = (error.stderr ?? '').trim();
            throw new Error(`carillon ${words[0]}: ${said === '' ? error.message : said.split('\n').at(-1)}`);
        }
    }

    /** The offers in these files, there and back: one call of each command for all of them. */
    async offers(files) {
        const requests = (await this.#carillon('sdp2jingle', ...files)).trim().split('\n');
        const back = descriptions(await this.#carillon('jingle2sdp', ...requests.map((xml) => this.#keep(xml))));
        if (requests.length !== files.length || back.length !== files.length) {
            throw new Error(`${files.length} files became ${requests.length} requests and ${back.length} descriptions`);
        }
        return back;
    }

    async offer(sdp) {
        return (await this.offers([this.#keep(sdp)]))[0];
    }

    /** `heard` is the offer as the answering side got it, `said` as the offering side wrote it. */
    async answer(sdp, { heard, said }) {
        const accept = await this.#carillon(
            'sdp2jingle', '--action', 'session-accept', '--offer', this.#keep(heard), this.#keep(sdp));
        return this.#carillon('jingle2sdp', '--offer', this.#keep(said), this.#keep(accept));
    }

    /** A fragment (RFC 8840) there and back; `role` is who trickles. */
    async fragment(text, role) {
        const info = await this.#carillon('sdp2jingle', '--action', 'transport-info', '--as', role, this.#keep(text));
        return this.#carillon('jingle2sdp', '--as', role, this.#keep(info));
    }

    static read(file) {
        return readFileSync(file, 'utf8');
    }
}
