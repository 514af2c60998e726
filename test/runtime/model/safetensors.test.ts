import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as prop } from '@fast-check/vitest';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { RuntimeError } from '../../../runtime/error.js';
import { computeDtype, openCheckpoint, openSafetensors, parseSafetensors } from '../../../runtime/model/safetensors.js';
import { storedBits } from '../../../runtime/model/safetensorsHeader.js';
import { encodeSafetensors, type TensorToStore } from '../../../runtime/model/safetensorsWriter.js';
import { dtypeBytes, dtypes } from '../../../dsl/dtype.js';

const folder = mkdtempSync(join(tmpdir(), 'warpfold-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with this header, as text, and this many bytes of data. */
const fileOf = (header: string, dataBytes = 0): Uint8Array => {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
};
const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (e) {
    if (e instanceof RuntimeError) return `${e.code} ${e.message}`;
    throw e;
  }
  return 'accepted';
};

const tensors = fc.dictionary(
  fc.string().filter((name) => name !== '__metadata__'),
  fc.tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(4), { maxLength: 3 }), fc.nat(255)).map(([dtype, shape, fill]): TensorToStore => {
    const bytes = shape.reduce((n, s) => n * s, dtypeBytes[dtype]);
    return { dtype, shape, data: new Uint8Array(bytes).fill(fill) };
  }),
);

describe('what is written is read back', () => {
  prop.prop([tensors, fc.dictionary(fc.string(), fc.string())])('from memory: names, dtypes, shapes, bytes and metadata', (stored, metadata) => {
    const file = parseSafetensors(encodeSafetensors(stored, metadata));
    expect(file.metadata).toEqual(metadata);
    expect([...file.tensors.keys()].sort()).toEqual(Object.keys(stored).sort());
    for (const [name, { dtype, shape, data }] of Object.entries(stored)) {
      const tensor = file.get(name);
      expect([computeDtype(tensor), tensor.shape]).toEqual([dtype, shape]);
      expect(tensor.bytes).toEqual(data);
    }
  });

  prop.prop([tensors], { numRuns: 20 })('from a mapped file', (stored) => {
    const path = join(folder, 'mapped.safetensors');
    writeFileSync(path, encodeSafetensors(stored));
    const file = openSafetensors(path);
    for (const [name, { data }] of Object.entries(stored)) expect(file.get(name).bytes).toEqual(data);
  });

  prop.prop([tensors])('in the same bytes whatever order the tensors come in, each aligned to its elements', (stored) => {
    const file = encodeSafetensors(stored);
    expect(encodeSafetensors(Object.fromEntries(Object.entries(stored).reverse()))).toEqual(file);
    for (const t of parseSafetensors(file).tensors.values()) expect(t.bytes.byteOffset % dtypeBytes[computeDtype(t)]).toBe(0);
  });
});

describe('any bytes give a clear error or a valid result', () => {
  prop.prop([fc.uint8Array({ maxLength: 64 })])('random bytes', (bytes) => {
    expect(refusal(() => parseSafetensors(bytes))).toMatch(/^(R20[2-8] |accepted)/);
  });

  prop.prop([fc.json(), fc.nat(16)])('any JSON as the header', (json, data) => {
    expect(refusal(() => parseSafetensors(fileOf(json, data)))).toMatch(/^(R20[2-8] |accepted)/);
  });

  const entry = fc.record({
    dtype: fc.oneof(fc.constantFrom(...Object.keys(storedBits)), fc.string()), shape: fc.array(fc.oneof(fc.nat(4), fc.integer(), fc.double(), fc.maxSafeInteger())),
    data_offsets: fc.array(fc.oneof(fc.nat(32), fc.maxSafeInteger()), { minLength: 1, maxLength: 3 }),
  }, { requiredKeys: [] });
  prop.prop([fc.dictionary(fc.string(), entry), fc.nat(32)])('headers that are almost right: accepted only if the tensors fill the data exactly', (header, data) => {
    const file = fileOf(JSON.stringify(header), data);
    const outcome = refusal(() => parseSafetensors(file));
    expect(outcome).toMatch(/^(R20[2-8] |accepted)/);
    if (outcome === 'accepted') expect([...parseSafetensors(file).tensors.values()].reduce((n, t) => n + t.bytes.byteLength, 0)).toBe(data);
  });

  prop.prop([tensors, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })])('a file cut anywhere is refused', (stored, at) => {
    const file = encodeSafetensors(stored);
    expect(refusal(() => parseSafetensors(file.subarray(0, Math.floor(at * file.length))))).toMatch(/^R20[238] /);
  });

  prop.prop([tensors.filter((t) => Object.keys(t).length > 0), fc.nat(), fc.integer({ min: 1, max: 255 })])('a file with one header byte changed never yields bytes outside its data', (stored, at, change) => {
    const file = encodeSafetensors(stored);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const place = at % (8 + length);
    file[place] = (file[place] ?? 0) ^ change;
    expect(refusal(() => [...parseSafetensors(file).tensors.values()].map((t) => expect(t.bytes.byteLength).toBe(t.byteLength)))).toMatch(/^(R20[2-8] |accepted)/);
  });
});

describe('each mistake has its message', () => {
  const one = (fields: object, data = 4): Uint8Array => fileOf(JSON.stringify({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...fields } }), data);
  const huge = fileOf('{}');
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  const long = fileOf('{}');
  new DataView(long.buffer).setBigUint64(0, 3n, true);
  const notUtf8 = fileOf('{"a":""}');
  notUtf8[13] = 0xff;
  const pair = (a: readonly [number, number], b: readonly [number, number], data: number): Uint8Array =>
    fileOf(JSON.stringify({ a: { dtype: 'U8', shape: [a[1] - a[0]], data_offsets: a }, b: { dtype: 'U8', shape: [b[1] - b[0]], data_offsets: b } }), data);
  test.for<readonly [string, Uint8Array]>([
    ['R202 w.st: the file has 3 bytes; a tensor file begins with the 8 bytes of its header\'s length', new Uint8Array(3)],
    ['R203 w.st: the header claims 9223372036854775808 bytes, it may have from 2 to 100000000; check that this is a safetensors file', huge],
    ['R202 w.st: the header claims 3 bytes, the file has 2 behind its length; download the file again', long],
    ['R204 w.st: the header is not UTF-8', notUtf8],
    ['R204 w.st: the header does not begin with {', fileOf(' {}')],
    ['R204 w.st: the header does not begin with {', fileOf('\ufeff{}')],
    ['R204 w.st, tensor \'w\': the entry is not an object', fileOf('{"w":3}')],
    ['R204 w.st: __metadata__ must be an object of strings', fileOf('{"__metadata__":{"a":1}}')],
    ['R205 w.st: the header has the key \'w\' twice', fileOf('{"w":1,"\\u0077":2}')],
    ['R205 w.st: the header has the key \'dtype\' twice', fileOf('{"w":{"dtype":"F32","shape":[],"dtype":"I32"}}')],
    ['R206 w.st, tensor \'w\': dtype "F33" is unknown; there are F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, F6_E2M3, F6_E3M2, F4, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL', one({ dtype: 'F33' })],
    ['R206 w.st, tensor \'w\': dtype "toString" is unknown; there are F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, F6_E2M3, F6_E3M2, F4, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL', one({ dtype: 'toString' })],
    ['R204 w.st, tensor \'w\': shape [-1] is not a list of whole numbers from 0', one({ shape: [-1] })],
    ['R204 w.st, tensor \'w\': data_offsets [0] are not two whole numbers from 0', one({ data_offsets: [0] })],
    ['R207 w.st, tensor \'w\': F32 of shape [2] takes 8 bytes, data_offsets [0, 4] give 4', one({ shape: [2] })],
    ['R207 w.st, tensor \'w\': F32 of shape [1] takes 4 bytes, data_offsets [4, 0] give -4', one({ data_offsets: [4, 0] })],
    ['R207 w.st, tensor \'w\': F32 of shape [9007199254740991, 8] takes more than 2^53 or a broken number of bytes, data_offsets [0, 4] give 4', one({ shape: [Number.MAX_SAFE_INTEGER, 8] })],
    ['R202 w.st: tensor \'w\' ends at byte 4 of the data, the file has 3; download the file again', one({}, 3)],
    ['R208 w.st: the last 1 bytes of the file belong to no tensor', one({}, 5)],
    ['R208 w.st: tensor \'b\' begins at byte 3 of the data, inside another one that ends at 4', pair([0, 4], [3, 8], 8)],
    ['R208 w.st: bytes 4 to 5 of the data, before tensor \'b\', belong to no tensor', pair([0, 4], [5, 8], 8)],
  ])('%s', ([message, bytes]) => expect(refusal(() => parseSafetensors(bytes, 'w.st')).split(': Expected')[0]).toBe(message));

  test('a dtype kernels do not know is listed, and refused on use', () => {
    const tensor = parseSafetensors(one({ dtype: 'I64', data_offsets: [0, 8] }, 8)).get('w');
    expect(tensor.shape).toEqual([1]);
    expect(refusal(() => computeDtype(tensor))).toBe("R212 tensor 'w': the tensor is I64; kernels compute with F32, F16, BF16, F8_E4M3, I32; convert it");
  });
});

describe('an index', () => {
  const shard = (name: string, ...names: readonly string[]) => writeFileSync(join(folder, name), encodeSafetensors(Object.fromEntries(names.map((n, i) => [n, { dtype: 'i32', shape: [1], data: Int32Array.of(i) }]))));
  shard('s1.safetensors', 'a', 'b');
  mkdirSync(join(folder, 'sub'));
  shard('sub/s2.safetensors', 'c');
  const index = (content: unknown): string => {
    const path = join(folder, 'model.safetensors.index.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  test('gives the tensors of all its shards, those in subfolders too', () => {
    const file = openSafetensors(index({ weight_map: { a: 's1.safetensors', b: 's1.safetensors', c: 'sub/s2.safetensors' } }));
    expect([...file.tensors.keys()]).toEqual(['a', 'b', 'c']);
    expect(file.get('b').bytes).toEqual(Uint8Array.of(1, 0, 0, 0));
    expect(refusal(() => file.get('z'))).toMatch(/^R211 .*there is no tensor 'z'/);
    expect([...openCheckpoint(folder).tensors.keys()]).toEqual(['a', 'b', 'c']);
  });

  test.for<readonly [string, unknown]>([
    ['R210 .*the shard s9.safetensors is missing', { weight_map: { a: 's9.safetensors' } }],
    ["R211 .*the index places tensor 'c' in s1.safetensors, which does not have it", { weight_map: { c: 's1.safetensors' } }],
    ["R210 .*the shard '../x.safetensors' lies outside", { weight_map: { a: '../x.safetensors' } }],
    ["R210 .*the shard 'sub/../../x.safetensors' lies outside", { weight_map: { a: 'sub/../../x.safetensors' } }],
    ["R210 .*the shard '/etc/x.safetensors' lies outside", { weight_map: { a: '/etc/x.safetensors' } }],
    ["R209 .*weight_map places tensor 'a' in \"/etc/passwd\", which is no .safetensors file", { weight_map: { a: '/etc/passwd' } }],
    ["R209 .*weight_map places tensor 'a' in 3, which", { weight_map: { a: 3 } }],
    ['R209 .*the index has no object weight_map', { weights: {} }],
    ['R209 .*the index has no object weight_map', '[]'],
    ['R209 .*the index cannot be read', '{'],
    ["R205 .*the index has the key 'a' twice", '{"weight_map":{"a":"s1.safetensors","a":"s1.safetensors"}}'],
  ])('%s', ([message, content]) => expect(refusal(() => openSafetensors(index(content)))).toMatch(new RegExp(`^${message}`)));

  prop.prop([fc.oneof(fc.json(), fc.dictionary(fc.string(), fc.string()).map((weight_map) => JSON.stringify({ weight_map })))])('any JSON gives a clear error or no tensors', (json) => {
    expect(refusal(() => openSafetensors(index(json)))).toMatch(/^(R2\d\d |accepted)/);
  });
});

describe('files that cannot be opened', () => {
  test.for([
    ['R201', 'absent.safetensors'], ['R201', 'sub'], ['R201', 'absent.json'], ['R010', 'a\0b'],
  ])('%s for %j', ([code, path]) => expect(refusal(() => openSafetensors(join(folder, path ?? '')))).toMatch(new RegExp(`^${code}`)));

  test('an empty file and a folder without a checkpoint', () => {
    writeFileSync(join(folder, 'empty.safetensors'), '');
    expect(refusal(() => openSafetensors(join(folder, 'empty.safetensors')))).toMatch(/^R202/);
    expect(refusal(() => openCheckpoint(join(folder, 'sub')))).toMatch(/^R201 .*neither model.safetensors nor/);
  });

  test('a store into mapped bytes changes neither the file nor the process', () => {
    const path = join(folder, 'stored.safetensors');
    writeFileSync(path, encodeSafetensors({ w: { dtype: 'i32', shape: [1], data: Int32Array.of(7) } }));
    openSafetensors(path).get('w').bytes.fill(9);
    expect([...parseSafetensors(readFileSync(path)).get('w').bytes]).toEqual([7, 0, 0, 0]);
  });
});

describe('the writer refuses', () => {
  test('data that do not fit the shape, and the name the format keeps', () => {
    expect(refusal(() => encodeSafetensors({ w: { dtype: 'f32', shape: [2], data: new Float32Array(1) } }))).toBe("R207 tensor 'w': f32 of shape [2] takes 8 bytes, the data have 4");
    expect(refusal(() => encodeSafetensors({ __metadata__: { dtype: 'f32', shape: [], data: new Float32Array(1) } }))).toMatch(/^R204/);
  });
});
