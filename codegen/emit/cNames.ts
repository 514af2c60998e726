/** C++ keywords and alternative tokens, as far as they are names in TypeScript too. */
export const cKeywords: readonly string[] = [
  'alignas', 'alignof', 'and', 'and_eq', 'asm', 'auto', 'bitand', 'bitor', 'bool', 'break', 'case', 'catch', 'char', 'char16_t', 'char32_t', 'class', 'compl', 'const',
  'const_cast', 'constexpr', 'continue', 'decltype', 'default', 'delete', 'do', 'double', 'dynamic_cast', 'else', 'enum', 'explicit', 'export', 'extern', 'false', 'float',
  'for', 'friend', 'goto', 'if', 'inline', 'int', 'long', 'mutable', 'namespace', 'new', 'noexcept', 'not', 'not_eq', 'nullptr', 'operator', 'or', 'or_eq', 'private',
  'protected', 'public', 'register', 'reinterpret_cast', 'return', 'short', 'signed', 'sizeof', 'static', 'static_assert', 'static_cast', 'struct', 'switch', 'template',
  'this', 'thread_local', 'throw', 'true', 'try', 'typedef', 'typeid', 'typename', 'union', 'unsigned', 'using', 'virtual', 'void', 'volatile', 'wchar_t', 'while', 'xor',
  'xor_eq', 'typeof',
];

/** What the device headers and the frame of a launch call their own. */
export const deviceWords: readonly string[] = [
  'std', 'math', 'args', 'block', 'blocks', 'i', 'tensor', 'scalar', 'size', 'load', 'store', 'fill', 'mma', 'matrix', 'transposed', 'Matrix', 'ConstMatrix', 'overwrite',
  'accumulate', 'wide', 'TILE', 'topk', 'sumOf', 'maxOf', 'minOf', 'maximum', 'minimum', 'truth', 'toInt', 'rounded', 'roundTile', 'floorDivide', 'remainderOf', 'inside',
  'bf16', 'f16', 'f8e4m3', 'Index', 'Vector', 'IntVector', 'LANES', 'INFINITY', 'NAN', 'KERNEL',
  'DEVICE', 'Warps', 'Accumulators', 'Spread', 'Tile', 'Rows', 'Columns', 'Array', 'Operand', 'Ring', 'At', 'at', 'row', 'column', 'tile', 'Place', 'grouped', 'walksInCache', 'each', 'eachElement',
  'Sum', 'Max', 'Min', 'apart', 'joinRows', 'joinColumns', 'joinOuterColumns', 'joined', 'unite', 'scaleRows', 'keepColumns', 'isOwner', 'rowOf', 'columnOf', 'mmaRegisters',
  'copyRows', 'copyRowsAt', 'copyElements', 'commitCopies', 'waitCopies', 'blockBarrier', 'stage', 'stageAfter', 'stageBefore', 'sharedAt', 'blockOfGrid', 'blocksOfGrid', 'threadOfBlock',
  'rings', 'Rings', 'compute', 'count', 'Channel', 'Barrier', 'TensorMap', 'Panels', 'Places', 'PackedOf', 'partOf', 'send', 'sendPanels', 'loadPanels', 'settle', 'beginProduct', 'clearRows', 'take', 'eachReceived',
  'storePanels', 'awaitStoresRead', 'fenceBarriers', 'giveRegisters', 'takeRegisters', 'warpOfBlock', 'warpgroupOfBlock', 'quotient', 'reciprocalFast', 'prefetchMap', 'joinLine', 'loadLine', 'Unread', 'LaneRing', 'LaneWindow', 'IN_VECTORS', 'inVectors', 'readAtOnce', 'Keep', 'fetch', 'fetchLine', 'take', 'readIf', 'read16If', 'read8If', 'read4If', 'read2If', 'read1If', 'widenRows', 'awaitLaunches',
];

/** Functions of the C library: a library of kernels that exports `exp` would hide it. */
const libraryFunctions: readonly string[] = [
  'abort', 'abs', 'acos', 'asin', 'atan', 'atan2', 'cbrt', 'ceil', 'copysign', 'cos', 'cosh', 'div', 'erf', 'erfc', 'exit', 'exp', 'exp2', 'expm1', 'fabs', 'fdim',
  'floor', 'fma', 'fmax', 'fmin', 'fmod', 'free', 'frexp', 'gamma', 'hypot', 'ilogb', 'index', 'j0', 'j1', 'jn', 'labs', 'ldexp', 'lgamma', 'log', 'log10', 'log1p',
  'log2', 'logb', 'lrint', 'lround', 'main', 'malloc', 'memcpy', 'memmove', 'memset', 'modf', 'nan', 'nearbyint', 'pow', 'rand', 'random', 'read', 'remainder', 'remquo',
  'rint', 'round', 'scalb', 'select', 'signal', 'significand', 'sin', 'sinh', 'sleep', 'sqrt', 'strlen', 'system', 'tan', 'tanh', 'tgamma', 'time', 'trunc', 'write',
  'y0', 'y1', 'yn',
];

/** Words that a launch cannot be called in C++ though a kernel can in TypeScript. */
export const cNames: ReadonlySet<string> = new Set([...cKeywords, ...deviceWords, ...libraryFunctions]);

/** What a launch is called: `wanted`, unless C++ means something else by it. */
export const launchName = (wanted: string): string => (cNames.has(wanted) ? `${wanted}_kernel` : wanted);
