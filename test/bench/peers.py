"""What a user would pick instead, measured on the GPU at hand: PyTorch's FlashAttention-2, cuDNN attention and
FlexAttention, cuBLAS, eager and compiled pipelines, a device copy. Run in the same sitting as our own benchmark, because
boards and clocks differ.

usage: python3 peers.py [WORKS.json] [--quick]        needs: torch >= 2.9 with CUDA, triton
WORKS.json is a list of objects with `id`, `kind` and the sizes that the kind's function below takes; without it, the list at
the end. Prints one JSON object: the machine, and under `works` for each id the seconds of each peer, or a string that says why
it has none. Times are medians of CUDA-event timings on random normal data, the L2 cache emptied before each."""
import json, math, sys, torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.flex_attention import create_block_mask, flex_attention
from triton.testing import do_bench

BF16 = torch.bfloat16
quick = '--quick' in sys.argv


def seconds(f):
    return do_bench(f, warmup=25 if quick else 50, rep=100 if quick else 200, return_mode='median') * 1e-3


def rand(*shape, dtype=BF16):
    return torch.randn(*shape, device='cuda', dtype=dtype)


def normed(x, gain):
    """Rows of a residual stream in f32, rounded to bf16 for what multiplies them."""
    return F.rms_norm(x, gain.shape, gain, 1e-5).to(BF16)


def attempt(f):
    try:
        return f()
    except Exception as e:
        return (str(e).splitlines() or [type(e).__name__])[0][:120]


def compiled(f):
    torch._dynamo.reset()
    return torch.compile(f, dynamic=False)


def copy(bytes):
    x = torch.empty(bytes, dtype=torch.uint8, device='cuda').random_()
    y = torch.empty_like(x)
    return {'copy': lambda: seconds(lambda: y.copy_(x))}


def matmul(m, n, k):
    x, w = rand(m, k), rand(n, k)
    return {'cublas': lambda: seconds(lambda: x @ w.T)}


def swiglu(m, n, k):
    x, gate, up = rand(m, k), rand(n, k), rand(n, k)
    f = lambda: F.silu(x @ gate.T) * (x @ up.T)
    return {'eager': lambda: seconds(f), 'compiled': lambda: seconds(compiled(f))}


def attention(B, H, KV, Q, S, D, causal):
    """H query heads on KV key heads, Q queries on S keys."""
    q, k, v = rand(B, H, Q, D), rand(B, KV, S, D), rand(B, KV, S, D)
    def sdpa(backend):
        with sdpa_kernel(backend):
            return seconds(lambda: F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=H != KV))
    def flex():
        f = compiled(flex_attention)
        mask = create_block_mask(lambda b, h, i, j: i >= j, None, None, Q, S) if causal else None
        return seconds(lambda: f(q, k, v, block_mask=mask, enable_gqa=H != KV))
    return {'fa2': lambda: sdpa(SDPBackend.FLASH_ATTENTION), 'cudnn': lambda: sdpa(SDPBackend.CUDNN_ATTENTION), 'flex': flex}


def flex(mod, size, B, H, S, D):
    """FlexAttention with a mask or a function of scores, and with its block mask: soft-cap and ALiBi causal, a causal window of `size` keys,
    a prefix of `size` that all see, causal documents of 1, 3, 2, 6 and 4 times `size`."""
    q, k, v = rand(B, H, S, D), rand(B, H, S, D), rand(B, H, S, D)
    slopes = torch.exp2(-8 * torch.arange(1, H + 1, device='cuda') / H)
    document = torch.repeat_interleave(torch.arange(5, device='cuda'), torch.tensor([1, 3, 2, 6, 4], device='cuda') * size) if mod == 'document' else None
    score = {'softcap': lambda s, b, h, i, j: size * torch.tanh(s / size), 'alibi': lambda s, b, h, i, j: s - slopes[h] * (i - j)}.get(mod)
    seen = {'window': lambda b, h, i, j: (j <= i) & (i - j < size), 'prefix': lambda b, h, i, j: (j < size) | (j <= i), 'document': lambda b, h, i, j: (j <= i) & (document[i] == document[j])}.get(mod, lambda b, h, i, j: j <= i)
    def timed():
        f, mask = compiled(flex_attention), create_block_mask(seen, None, None, S, S)
        out = f(q, k, v, score_mod=score, block_mask=mask)
        # The last head as it is written, in f32: what is timed must be what is meant.
        i, j = torch.arange(S, device='cuda')[:, None], torch.arange(S, device='cuda')[None, :]
        s = q[0, -1].float() @ k[0, -1].float().T / math.sqrt(D)
        s = (score(s, 0, H - 1, i, j) if score else s).masked_fill(~seen(0, H - 1, i, j), -math.inf)
        error = (out[0, -1].float() - torch.softmax(s, -1) @ v[0, -1].float()).abs().max().item()
        # Weights and results rounded to bf16, of normal values that hardly exceed 5.
        if not error < 0.05:
            return f'wrong: an element is {error:.3g} off'
        return seconds(lambda: f(q, k, v, score_mod=score, block_mask=mask))
    return {'flex': timed}


def columns(B, H, KV, Q, S, D, rows):
    """The last Q of S rows, each on the keys up to its own, and the sum over the last `rows` of them of what each pays to each key."""
    q, k, v = rand(B, H, Q, D), rand(B, KV, S, D), rand(B, KV, S, D)
    hidden = torch.ones(Q, S, dtype=torch.bool, device='cuda').triu(S - Q + 1)
    def f(q, k, v):
        k, v = (x.repeat_interleave(H // KV, 1) for x in (k, v))
        p = torch.softmax(((q @ k.transpose(-1, -2)).float() / math.sqrt(D)).masked_fill(hidden, -math.inf), -1)
        o = p.to(v.dtype) @ v
        return (o, p[..., Q - rows:, :].sum(-2)) if rows > 0 else o
    return {'eager': lambda: seconds(lambda: f(q, k, v)), 'compiled': lambda: seconds(lambda g=compiled(f): g(q, k, v))}


def evict(B, H, KV, S, D, rows, keep):
    """As eager PyTorch writes it: scores of the last rows, group sum, max-pool 7, top-k, sort, gather of K and V."""
    q, k, v = rand(B, H, rows, D), rand(B, KV, S, D), rand(B, KV, S, D)
    def f(q, k, v):
        p = torch.softmax((q @ k.repeat_interleave(H // KV, 1).transpose(-1, -2)).float() / math.sqrt(D), -1).sum(-2)
        s = F.max_pool1d(p.view(B, KV, H // KV, S).sum(2), 7, 1, 3)
        i = s.topk(keep, -1).indices.sort(-1).values[..., None].expand(-1, -1, -1, D)
        return k.gather(2, i), v.gather(2, i)
    return {'eager': lambda: seconds(lambda: f(q, k, v)), 'compiled': lambda: seconds(lambda g=compiled(f): g(q, k, v))}


def rms_norm(rows, e):
    x, gain = rand(rows, e, dtype=torch.float32), rand(e, dtype=torch.float32)
    f = lambda: normed(x, gain)
    return {'eager': lambda: seconds(f), 'compiled': lambda: seconds(compiled(f))}


def norm_swiglu(m, n, k):
    x, gain, gate, up = rand(m, k, dtype=torch.float32), rand(k, dtype=torch.float32), rand(n, k), rand(n, k)
    def f():
        y = normed(x, gain)
        return F.silu(y @ gate.T) * (y @ up.T)
    return {'eager': lambda: seconds(f), 'compiled': lambda: seconds(compiled(f))}


def linear_rope(m, heads, d, k, norm, turning):
    x, gain, w = rand(m, k, dtype=torch.float32 if norm else BF16), rand(k, dtype=torch.float32), rand(heads * d, k)
    cos, sin = torch.randn(m, 1, d // 2, device='cuda'), torch.randn(m, 1, d // 2, device='cuda')
    def f():
        y = ((normed(x, gain) if norm else x) @ w.T).view(m, heads, 2, d // 2)
        a, b = y[:, :turning].unbind(2)
        turned = torch.stack([a * cos - b * sin, b * cos + a * sin], 2).to(BF16)
        return turned if turning == heads else torch.cat([turned, y[:, turning:]], 1)
    return {'eager': lambda: seconds(f), 'compiled': lambda: seconds(compiled(f))}


def nll(rows, e, t):
    h, w, target = rand(rows, e), rand(t, e), torch.randint(t, (rows,), device='cuda')
    f = lambda: F.cross_entropy((h @ w.T).float(), target, reduction='none')
    return {'eager': lambda: seconds(f), 'compiled': lambda: seconds(compiled(f))}


KINDS = {f.__name__: f for f in (copy, matmul, swiglu, attention, flex, columns, evict, rms_norm, norm_swiglu, linear_rope, nll)}
DEFAULT = [{'id': 'copy', 'kind': 'copy', 'bytes': 2**30}, {'id': 'matmul 8192', 'kind': 'matmul', 'm': 8192, 'n': 8192, 'k': 8192}] + [
    {'id': f'attention B{B} H{H}/{KV} S{S} d{D} {"causal" if c else "full"}', 'kind': 'attention', 'B': B, 'H': H, 'KV': KV, 'Q': S, 'S': S, 'D': D, 'causal': c}
    for B, H, KV, S, D in [(4, 16, 16, 4096, 128), (1, 16, 16, 16384, 128), (16, 32, 8, 8192, 128), (4, 32, 32, 4096, 64), (4, 16, 16, 4096, 256)] for c in (False, True)] + [
    {'id': f'attention B{B} H{H}/{KV} {Q} x {S} d{D}', 'kind': 'attention', 'B': B, 'H': H, 'KV': KV, 'Q': Q, 'S': S, 'D': D, 'causal': False}
    for B, H, KV, Q, S, D in [(1, 32, 8, 1, 131072, 128), (8, 32, 8, 1, 32768, 128), (1, 32, 8, 8, 131072, 128), (1, 32, 8, 16, 131072, 128), (1, 8, 1, 256, 131072, 128), (1, 64, 8, 512, 131072, 128)]] + [
    {'id': 'evict', 'kind': 'evict', 'B': 16, 'H': 32, 'KV': 8, 'S': 8192, 'D': 128, 'rows': 8, 'keep': 4000}]


def measured(work):
    sizes = {name: x for name, x in work.items() if name not in ('id', 'kind')}
    peers = attempt(lambda: KINDS[work['kind']](**sizes))
    times = {name: attempt(f) for name, f in peers.items()} if isinstance(peers, dict) else {'error': peers}
    print(work['id'], times, file=sys.stderr, flush=True)
    peers = None
    torch.cuda.empty_cache()
    return times


files = [a for a in sys.argv[1:] if not a.startswith('--')]
works = json.load(open(files[0])) if files else DEFAULT
machine = {'device': torch.cuda.get_device_name(), 'torch': torch.__version__, 'cuda': torch.version.cuda, 'cudnn': torch.backends.cudnn.version()}
print(json.dumps({**machine, 'works': {w['id']: measured(w) for w in works}}, indent=1))
