import { describe, expect, test } from 'vitest';
import { parsePtxas, spills } from '../../codegen/ptxas.js';

/** What nvcc 13.0 says with -Xptxas -v of two functions for two architectures. */
const said = `ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'empty' for 'sm_80'
ptxas info    : Function properties for empty
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 4 registers, used 0 barriers, 352 bytes cmem[0]
ptxas info    : Compile time = 1.136 ms
ptxas info    : Compiling entry function 'spilling' for 'sm_80'
ptxas info    : Function properties for spilling
    1480 bytes stack frame, 2304 bytes spill stores, 2388 bytes spill loads
ptxas info    : Used 32 registers, used 1 barriers, 1480 bytes cumulative stack size, 1024 bytes smem, 364 bytes cmem[0]
ptxas info    : Compile time = 82.206 ms
ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'empty' for 'sm_90a'
ptxas info    : Function properties for empty
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 4 registers, used 0 barriers
ptxas info    : Compile time = 1.536 ms
`;

describe('the report of ptxas', () => {
  test('gives the resources of each function on each architecture', () => {
    expect(parsePtxas(said)).toEqual({
      functions: [
        { symbol: 'empty', arch: 'sm_80', registers: 4, stackBytes: 0, spillStores: 0, spillLoads: 0, sharedBytes: 0, barriers: 0 },
        { symbol: 'spilling', arch: 'sm_80', registers: 32, stackBytes: 1480, spillStores: 2304, spillLoads: 2388, sharedBytes: 1024, barriers: 1 },
        { symbol: 'empty', arch: 'sm_90a', registers: 4, stackBytes: 0, spillStores: 0, spillLoads: 0, sharedBytes: 0, barriers: 0 },
      ],
      warnings: [],
    });
  });

  test('names what spills', () => {
    expect(spills(parsePtxas(said).functions)).toEqual(['spilling spills on sm_80: 2304 bytes stored, 2388 loaded, with 32 registers']);
  });

  test('passes on warnings, and passes over what it does not know', () => {
    const warning = "ptxas info    : (C7508) Potential Performance Loss: 'setmaxnreg' ignored to maintain minimum register requirements.";
    expect(parsePtxas(`my.cu(3): warning #177-D: variable declared but never used\nptxas /tmp/x.ptx, line 9; warning : odd\n${warning}\n`)).toEqual({ functions: [], warnings: ['ptxas /tmp/x.ptx, line 9; warning : odd', warning] });
    expect(parsePtxas('')).toEqual({ functions: [], warnings: [] });
  });
});
