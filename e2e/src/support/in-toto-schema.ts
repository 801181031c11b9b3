import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runOk } from './run';

/** The schemas that in-toto publishes, from Debian's package golang-github-in-toto-attestation-dev. */
const schemas = '/usr/share/gocode/src/github.com/in-toto/attestation/protos';
/** Of the types that they import, from libprotobuf-dev. */
const imports = '/usr/include';
const parts = ['v1/statement', 'v1/resource_descriptor', 'predicates/provenance/v1/provenance'];

/** The JSON mapping of Protocol Buffers rejects unknown fields and values of other types. */
const program = `
import json, sys
from google.protobuf.json_format import ParseDict
from in_toto_attestation.v1.statement_pb2 import Statement
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
statement = json.load(sys.stdin)
ParseDict(statement, Statement())
ParseDict(statement["predicate"], Provenance())
`;

/** Checks statements of SLSA v1 provenance against the published schema. */
export class InTotoSchema {
  private constructor(private readonly folder: string) {}

  static async load(): Promise<InTotoSchema> {
    const folder = await mkdtemp(join(tmpdir(), 'in-toto-'));
    const files = parts.map((name) => `in_toto_attestation/${name}.proto`);
    await runOk('protoc', [
      `--proto_path=${schemas}`,
      `--proto_path=${imports}`,
      `--python_out=${folder}`,
      ...files,
    ]);
    return new InTotoSchema(folder);
  }

  /** @returns what is not valid; empty if all is */
  async problemOf(statement: unknown): Promise<string> {
    const file = join(this.folder, 'statement.json');
    await writeFile(file, JSON.stringify(statement));
    const script = 'exec /usr/bin/python3 -c "$1" <"$2"';
    const { code, output } = await run('bash', ['-c', script, 'bash', program, file], {
      env: { PYTHONPATH: this.folder },
    });
    return code === 0 ? '' : output || `python3 ended with ${code}`;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
