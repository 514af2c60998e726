"""Judges what a device computed, with PyTorch and by other formulas than ours.

usage: python3 reference.py FOLDER        needs: torch >= 2.9, with CUDA or without

Each *.safetensors file of the folder is one call: the inputs by parameter name, the results under `out:<name>`, and the
call as JSON under `case` in the metadata. A result in 16 bits must satisfy
    max|out - ref64| <= factor * max|ref16 - ref64| + eps
where ref64 is float64 on the same inputs and ref16 the unfused computation with every intermediate in that dtype; eps is
twice the rounding of doing any arithmetic on the result. A result in f32 may err ten times as much as PyTorch's own f32,
and 16 roundings at the scale of its largest number. NaN and infinities must stand in the same places. Whole numbers are
positions of a top-k: where scores are inputs they must be the same, where they are computed equally good ones.
Prints one JSON object per call: name, passed, why, and the error as a share of what is allowed."""
import json, struct, sys
from pathlib import Path
import torch

DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'
STORED = {'F32': torch.float32, 'F16': torch.float16, 'BF16': torch.bfloat16, 'I32': torch.int32}
DTYPES = {'f32': torch.float32, 'f16': torch.float16, 'bf16': torch.bfloat16}
INF = float('inf')


def load(path):
    data = bytearray(path.read_bytes())
    (length,) = struct.unpack_from('<Q', data)
    header = json.loads(data[8:8 + length])
    case = json.loads(header.pop('__metadata__')['case'])
    tensors = {}
    for name, t in header.items():
        begin, end = t['data_offsets']
        flat = torch.frombuffer(data, dtype=STORED[t['dtype']], count=(end - begin) // STORED[t['dtype']].itemsize, offset=8 + length + begin) if end > begin else torch.empty(0, dtype=STORED[t['dtype']])
        tensors[name] = flat.reshape(t['shape']).to(DEVICE)
    return case, tensors


class Call:
    """One call at one precision: tensors of numbers come in `work`, whole numbers as they are."""
    def __init__(self, case, tensors, work):
        self.case, self.work, self.n = case, work, case['numbers']
        self.t = {name: x if x.dtype == torch.int32 else x.to(work) for name, x in tensors.items() if not name.startswith('out:')}


def heads(x):
    """[g, r], or batch before it, beside scores [b, g, r, q, k]."""
    return x[..., None, None]


def masked(seen):
    return lambda c, s, i, j, sq, sk: s.masked_fill(~seen(c, i, j, sq, sk), -INF)


def scored(f):
    return lambda c, s, i, j, sq, sk: f(c, s, i, j)


def causally(f):
    return lambda c, s, i, j, sq, sk: f(c, s, i, j).masked_fill(~(j <= i), -INF)


# What happens to the scores [b, g, r, q, k]; i and j are the positions of queries and keys.
SCORES = {
    'fullAttention': scored(lambda c, s, i, j: s),
    'causalAttention': masked(lambda c, i, j, sq, sk: j <= i),
    'endCausalAttention': masked(lambda c, i, j, sq, sk: j <= i + sk - sq),
    'windowAttention': masked(lambda c, i, j, sq, sk: (j >= i + sk - sq - c.n['left']) & (j <= i + sk - sq + c.n['right'])),
    'lengthAttention': masked(lambda c, i, j, sq, sk: j < c.t['length'][:, None, None, None, None]),
    'slidingWindowMask': masked(lambda c, i, j, sq, sk: (j <= i) & (i - j < c.n['width'])),
    'prefixMask': masked(lambda c, i, j, sq, sk: (j < c.n['length']) | (j <= i)),
    'documentMask': masked(lambda c, i, j, sq, sk: (c.t['ofQuery'][:, None] == c.t['ofKey'][None, :]) & (j <= i)),
    'dilatedMask': masked(lambda c, i, j, sq, sk: (j <= i) & ((i - j) % c.n['stride'] == 0)),
    'neighbourMask': masked(lambda c, i, j, sq, sk: ((i % c.n['width'] - j % c.n['width']).abs() <= c.n['reach']) & ((i // c.n['width'] - j // c.n['width']).abs() <= c.n['reach'])),
    'inverseCausalMask': masked(lambda c, i, j, sq, sk: j >= i),
    'blockCausalMask': masked(lambda c, i, j, sq, sk: j // c.n['block'] <= i // c.n['block']),
    'alibi': causally(lambda c, s, i, j: s - (heads(c.t['slope']) * (i - j).to(c.work)).to(c.work)),
    'softcap': causally(lambda c, s, i, j: c.n['cap'] * torch.tanh(s / c.n['cap'])),
    'relativeBias': scored(lambda c, s, i, j: s + c.t['bias']),
    'distanceBias': scored(lambda c, s, i, j: s + (i - j).to(c.work) / 64),
    'headBias': scored(lambda c, s, i, j: s * heads(c.t['factor']) + heads(c.t['bias'])),
    'trigonometric': scored(lambda c, s, i, j: torch.sin(torch.cos(s)) + s * s),
    'sinkAttention': causally(lambda c, s, i, j: s),
}


def attention(c, change, q, k, v):
    """q [b, q, g, r, d], k and v [b, k, g, d]."""
    sq, sk = q.shape[1], k.shape[1]
    i, j = torch.arange(sq, device=DEVICE)[:, None], torch.arange(sk, device=DEVICE)[None, :]
    s = torch.einsum('bqgrd,bkgd->bgrqk', q, k) * c.n['scale']
    s = change(c, s, i, j, sq, sk)
    if 'sink' in c.t:
        s = torch.cat([s, heads(c.t['sink']).expand(*s.shape[:-1], 1)], -1)
    p = torch.nan_to_num(torch.softmax(s, -1), nan=0.0)[..., :sk]  # a row that sees nothing is 0
    return {'o': torch.einsum('bgrqk,bkgd->bqgrd', p, v), 'lse': torch.logsumexp(s, -1).permute(0, 3, 1, 2)}


def ragged(c):
    ends, parts = c.t['offsets.q'].tolist(), []
    for a, b in zip(ends, ends[1:]):
        if b > a:
            parts.append(attention(c, SCORES['causalAttention'], c.t['q'][None, a:b], c.t['k'][None, a:b], c.t['v'][None, a:b]))
    return {name: torch.cat([p[name][0] for p in parts]) for name in ('o', 'lse')}


def rms_norm(c, x, gain):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * gain


def layer_norm(c, x, gain, bias):
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt((centred * centred).mean(-1, keepdim=True) + 1e-5) * gain + bias


def entropy(c, s):
    return -(torch.softmax(s, -1) * torch.log_softmax(s, -1)).sum(-1)


ROWS = {
    'matmul': lambda c, x, w: x @ w.T,
    'matmulRows': lambda c, x, w: x @ w,
    'geluBias': lambda c, x, w, bias: torch.nn.functional.gelu(x @ w.T + bias, approximate='tanh'),
    'rmsNormMatmul': lambda c, x, gain, w: rms_norm(c, x, gain) @ w.T,
    'layerNormed': layer_norm,
    'scoreEntropy': lambda c, q, k: entropy(c, q @ k.T * c.n['scale']),
}
# What a top-k chooses by.
CHOICES = {'route': lambda c, h, w: h @ w.T, 'topOfRow': lambda c, s: s}


def computed(case, tensors, work):
    c, kernel = Call(case, tensors, work), case['kernel']
    if kernel == 'raggedAttention':
        return ragged(c)
    if kernel in SCORES:
        return attention(c, SCORES[kernel], c.t['q'], c.t['k'], c.t['v'])
    return {'out': ROWS[kernel](c, **c.t)}


def distance(x, exact):
    finite = torch.isfinite(exact) & torch.isfinite(x)
    return (x - exact).abs()[finite].max().item() if finite.any() else 0.0


def rounding(exact, dtype):
    moved = ((exact.to(dtype) + 0.3) - 0.3).double()
    return 2 * distance(moved, exact)


def judged(name, out, exact, f32, unfused, factor):
    """Why it is wrong or None, and the error as a share of what is allowed."""
    wide = out.double()
    places = torch.isfinite(exact)
    if not torch.equal(places, torch.isfinite(wide)) or not torch.equal(exact[~places], wide[~places]):
        return f"'{name}': NaN or infinities in {int((places != torch.isfinite(wide)).sum())} wrong places", INF
    if out.dtype == torch.float32:
        largest = exact[places].abs().max().item() if places.any() else 0.0
        allowed = 10 * distance(f32.double(), exact) + 16 * 2**-24 * max(1.0, largest)
    else:
        allowed = factor * distance(unfused.double(), exact) + rounding(exact, out.dtype)
    error = distance(wide, exact)
    return (None if error <= allowed else f"'{name}': error {error:.3g}, allowed {allowed:.3g}"), error / allowed


def chosen(case, tensors):
    positions = tensors['out:out'].long()
    if not (positions[:, 1:] > positions[:, :-1]).all():
        return 'positions are not ascending', INF
    exact, f32 = (CHOICES[case['kernel']](c, **c.t).double() for c in (Call(case, tensors, w) for w in (torch.float64, torch.float32)))
    if positions.min() < 0 or positions.max() >= exact.shape[1]:
        return 'positions lie outside the row', INF
    count = positions.shape[1]
    if case['kernel'] == 'topOfRow':
        best = torch.sort(exact, dim=-1, descending=True, stable=True).indices[:, :count].sort(-1).values
        return (None, 0.0) if torch.equal(best, positions) else (f'{int((best != positions).sum())} positions differ', INF)
    allowed = 10 * distance(f32, exact) + 16 * 2**-24 * exact.abs().max().item()
    error = distance(exact.gather(-1, positions).sort(-1, descending=True).values, exact.topk(count, -1).values)
    return (None if error <= allowed else f'chosen scores are {error:.3g} below the best, allowed {allowed:.3g}'), error / allowed


def verdict(case, tensors):
    if case['kernel'] in CHOICES:
        return chosen(case, tensors)
    exact, f32, unfused = (computed(case, tensors, w) for w in (torch.float64, torch.float32, DTYPES[case['dtype']]))
    results = [judged(name, tensors[f'out:{name}'], exact[name], f32[name], unfused[name], case['factor']) for name in (n[4:] for n in tensors if n.startswith('out:'))]
    return '; '.join(why for why, _ in results if why) or None, max(share for _, share in results)


for path in sorted(Path(sys.argv[1]).glob('*.safetensors')):
    case, tensors = load(path)
    try:
        why, share = verdict(case, tensors)
    except Exception as e:
        why, share = f'the reference failed: {type(e).__name__}: {e}', INF
    print(json.dumps({'name': case['name'], 'passed': why is None, 'why': why, 'share': None if share == INF else round(share, 3)}), flush=True)
