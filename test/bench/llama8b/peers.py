"""What a user would run instead, with Hugging Face transformers on the same weights and ids, and what the GPU does at best.

usage: python3 peers.py JOB SETTINGS        needs: torch >= 2.9 with CUDA and transformers >= 5 (or only Python for `forget`)

SETTINGS is a JSON object: `model`, a directory; `folder`, where `ids` (i32) and other inputs lie. Jobs, each printing JSON objects, one
a line:
  forget        asks the system to drop the model's files from its memory: `forgotten`
  rates         operations and bytes per second of a bf16 product of 8192 cubed, a device copy, an upload of pinned memory
  logits        errors of the scores in the file `logits` and of transformers in bf16 against transformers in f32, at `rows`
  dense         transformers with SDPA over the first `lengths` ids
  parallelcomp  ParallelComp as one writes it in PyTorch: a forward pass for each chunk, `attention` 'sdpa' or 'eager'
Seconds are of a synchronised device; `peak` is what PyTorch reserved at most."""
import gc, json, os, sys, threading, time
from pathlib import Path

JOB, SETTINGS = sys.argv[1], json.loads(sys.argv[2])


def say(**line):
    print(json.dumps(line), flush=True)


def forget():
    """True where no page of the files is left in memory."""
    import ctypes, mmap
    files = sorted(Path(SETTINGS['model']).glob('*.safetensors'))

    def drop(path):
        with open(path, 'r+b') as f:
            os.fsync(f.fileno())
            os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    threads = [threading.Thread(target=drop, args=(p,), daemon=True) for p in files]
    deadline = time.monotonic() + 60
    for t in threads:
        t.start()
    for t in threads:
        t.join(max(0, deadline - time.monotonic()))
    if any(t.is_alive() for t in threads):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    left = pages = 0
    for path in files:
        with open(path, 'r+b') as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY) as m:
            count = (len(m) + mmap.PAGESIZE - 1) // mmap.PAGESIZE
            held = ctypes.create_string_buffer(count)
            start = ctypes.c_char.from_buffer(m)
            libc.mincore(ctypes.addressof(start), len(m), held)
            del start
            left, pages = left + sum(b & 1 for b in held.raw), pages + count
    return left < pages / 100


if JOB == 'forget':
    say(forgotten=forget())
    sys.exit()

import torch
import torch.nn.functional as F

BF16, INF = torch.bfloat16, float('inf')
DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'


def sync():
    if DEVICE == 'cuda':
        torch.cuda.synchronize()


def inputs(name='ids'):
    return torch.frombuffer(bytearray(Path(SETTINGS['folder'], name).read_bytes()), dtype=torch.int32).long().to(DEVICE)


def load(attention, dtype=BF16):
    from transformers import AutoModelForCausalLM
    return AutoModelForCausalLM.from_pretrained(SETTINGS['model'], dtype=dtype, attn_implementation=attention, device_map=DEVICE).eval()


def fresh():
    gc.collect()
    if DEVICE == 'cuda':
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def peak():
    return torch.cuda.max_memory_reserved() if DEVICE == 'cuda' else 0


def rates():
    from triton.testing import do_bench
    seconds = lambda f: do_bench(f, warmup=100, rep=500, return_mode='median') * 1e-3
    a, b = (torch.randn(8192, 8192, device='cuda', dtype=BF16) for _ in range(2))
    x = torch.empty(2**30, dtype=torch.uint8, device='cuda').random_()
    y, pinned = torch.empty_like(x), torch.empty(2**30, dtype=torch.uint8).pin_memory()
    say(matmul=2 * 8192**3 / seconds(lambda: a @ b.T), copy=2 * 2**30 / seconds(lambda: y.copy_(x)), upload=2**30 / seconds(lambda: x.copy_(pinned, non_blocking=True)),
        machine=f'{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, transformers {__import__("transformers").__version__}')


def logits():
    """Errors of ours and of transformers' bf16 against its f32, which has no TF32."""
    ids, rows = inputs()[None], inputs('rows')
    ours = torch.frombuffer(bytearray(Path(SETTINGS['folder'], 'logits').read_bytes()), dtype=torch.float32).reshape(len(rows), -1)
    model = load('sdpa')
    of = lambda: model.lm_head(model.model(ids, use_cache=False).last_hidden_state[0, rows]).float()
    theirs = of()
    exact = (model.float(), of())[1]
    best = exact.argmax(-1, keepdim=True)

    def errors(x):
        x = x.to(DEVICE)
        chosen = x.argmax(-1, keepdim=True)
        margin = (exact.gather(-1, best) - exact.gather(-1, chosen)).max().item()
        d = x - exact
        return dict(largest=d.abs().max().item(), rms=d.square().mean().sqrt().item(), sameBest=(chosen == best).double().mean().item(), margin=margin)

    moved = ((exact.to(BF16) + 0.3) - 0.3).float()
    say(ours=errors(ours), theirs=errors(theirs), rounding=2 * (moved - exact).abs().max().item(), scale=exact.std().item())


def attempted(tokens, work):
    fresh()
    try:
        say(tokens=tokens, **work())
    except Exception as e:
        say(tokens=tokens, why=(str(e).splitlines() or [type(e).__name__])[0][:160])


def decode(model, first, cache, position, steps=16):
    """Seconds of a step, greedily behind the first token."""
    token, began = first, 0.0
    for i in range(steps):
        if i == 4:
            sync()
            began = time.perf_counter()
        out = model(token, past_key_values=cache, position_ids=torch.tensor([[position + i]], device=DEVICE), use_cache=True)
        token = out.logits[:, -1:].argmax(-1)
    sync()
    return (time.perf_counter() - began) / (steps - 4)


def dense():
    ids, model = inputs(), load('sdpa')
    model(ids[None, :512], logits_to_keep=1)

    def one(n):
        sync()
        began = time.perf_counter()
        out = model(ids[None, :n], logits_to_keep=1, use_cache=True)
        first = out.logits[:, -1:].argmax(-1)
        sync()
        seconds = time.perf_counter() - began
        return dict(first=seconds, step=decode(model, first, out.past_key_values, n), peak=peak())

    for n in SETTINGS['lengths']:
        attempted(n, lambda: one(n))


# ParallelComp. `record`: the last rows' queries and K of each layer of a chunk's pass; `excluded`: per layer [H, columns] in the pass over the merged cache.
STATE = dict(record=None, excluded=None)
EAGER = False


def causal(q, k):
    return torch.ones(q, k, dtype=torch.bool, device=DEVICE).tril(k - q)


def attend(module, query, key, value, attention_mask, scaling=None, dropout=0.0, **_):
    q, k = query.shape[2], key.shape[2]
    if STATE['record'] is not None:
        STATE['record'].append(query[:, :, -SETTINGS['observationRows']:].clone())
    excluded = STATE['excluded'] and STATE['excluded'][module.layer_idx]
    if EAGER and excluded is None:
        g = query.shape[1] // key.shape[1]
        s = query @ key.repeat_interleave(g, 1).transpose(2, 3) * scaling
        p = s.masked_fill(~causal(q, k), -INF).softmax(-1, dtype=torch.float32).to(query.dtype)
        return (p @ value.repeat_interleave(g, 1)).transpose(1, 2).contiguous(), None
    if excluded is not None:
        seen = causal(q, k)[None] & ~F.pad(excluded, (0, k - excluded.shape[1]))[:, None]
        o = F.scaled_dot_product_attention(query, key, value, attn_mask=seen[None], scale=scaling, enable_gqa=True)
    else:
        mask = None if q in (1, k) else causal(q, k)
        o = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=q == k, scale=scaling, enable_gqa=True)
    return o.transpose(1, 2).contiguous(), None


def tail_probabilities(query, key):
    """[H, rows, c + n] of the last rows over all keys of their chunk. query [1, H, rows, d], key [1, Hk, c + n, d]."""
    rows, k = query.shape[2], key.shape[2]
    s = query.float() @ key.float().repeat_interleave(query.shape[1] // key.shape[1], 1).transpose(2, 3) / query.shape[3]**0.5
    return s.masked_fill(~causal(rows, k), -INF).softmax(-1)[0]


def chosen(p, lo, c, heads, capacity):
    """Columns [Hk, m] of a chunk that stay, ascending."""
    if c - lo <= capacity:
        return torch.arange(lo, c, device=p.device).expand(heads, -1)
    score = p[:, :, lo:c].sum(1).reshape(heads, -1, c - lo).sum(1)
    pooled = F.max_pool1d(score[None], SETTINGS['pool'], 1, SETTINGS['pool'] // 2)[0]
    return lo + pooled.topk(capacity, -1).indices.sort(-1).values


def too_hot(p, c, zones):
    """bool [H, c]: columns that calibration leaves out, by the last row."""
    j, edge = torch.arange(c, device=p.device), 100
    places = {'sink': j < edge, 'recent': j > c - edge, 'middle': (j > edge) & (j < c - edge)}
    hot = torch.zeros(p.shape[0], c, dtype=torch.bool, device=p.device)
    for zone in zones:
        hot |= (p[:, -1, :c] > 0.1) & places[zone]
    return hot


def merged(kept, layer, zones, capacity):
    """K and V [1, Hk, m, d] of the kept chunks' surviving columns, and which of them each query head leaves out."""
    keys, values, left_out = [], [], []
    for i, (_, _, c, cache, tails) in enumerate(kept):
        key, value = cache.layers[layer].keys, cache.layers[layer].values
        p, heads = tail_probabilities(tails[layer], key), key.shape[1]
        columns = chosen(p, 0 if i == 0 else 1, c, heads, capacity)
        at = columns[None, :, :, None].expand(-1, -1, -1, key.shape[3])
        keys.append(key.gather(2, at))
        values.append(value.gather(2, at))
        left_out.append(too_hot(p, c, zones).gather(1, columns.repeat_interleave(p.shape[0] // heads, 0)))
    return torch.cat(keys, 2), torch.cat(values, 2), torch.cat(left_out, 1)


@torch.no_grad()
def answer(model, context, question, bos):
    from transformers import DynamicCache
    size, n = SETTINGS['chunkTokens'], len(question)
    count = -(-len(context) // size)
    kept = []
    for i in range(count):
        ids = torch.cat([bos, context[i * len(context) // count:(i + 1) * len(context) // count], question])
        STATE['record'], STATE['excluded'] = [], None
        out = model(ids[None], logits_to_keep=n + 1, use_cache=True)
        nll = F.cross_entropy(out.logits[0, :-1].float(), question).item()
        kept = sorted([*kept, (nll, i, len(ids) - n, out.past_key_values, STATE['record'])], key=lambda x: x[:2])[:SETTINGS['keepChunks']]
        del out
    STATE['record'] = None
    kept.sort(key=lambda x: x[1])
    cache, left_out = DynamicCache(), []
    for layer in range(model.config.num_hidden_layers):
        zones = [zone for low, high, zone in SETTINGS['calibration'] if low <= layer <= high]
        key, value, hot = merged(kept, layer, zones, SETTINGS['capacity'])
        cache.update(key, value, layer)
        left_out.append(hot if bool(hot.any()) else None)
    STATE['excluded'] = left_out
    position = max(c for _, _, c, _, _ in kept)
    which, scores = [i for _, i, _, _, _ in kept], [s for s, _, _, _, _ in kept]
    kept.clear()
    out = model(question[None], past_key_values=cache, position_ids=position + torch.arange(n, device=DEVICE)[None], logits_to_keep=1, use_cache=True)
    return out.logits[:, -1:].argmax(-1), cache, position + n, which, scores


def parallelcomp():
    global EAGER
    from transformers import AttentionInterface
    EAGER = SETTINGS['attention'] == 'eager'
    AttentionInterface.register('parallelcomp', attend)
    ids, question, model = inputs(), inputs('question'), load('parallelcomp')
    bos = torch.tensor([model.config.bos_token_id], device=DEVICE)
    answer(model, ids[:SETTINGS['chunkTokens']], question, bos)

    def one(n):
        sync()
        began = time.perf_counter()
        first, cache, position, which, scores = answer(model, ids[:n], question, bos)
        sync()
        seconds = time.perf_counter() - began
        return dict(first=seconds, step=decode(model, first, cache, position), peak=peak(), kept=which, nll=scores, id=first.item())

    for n in SETTINGS['lengths']:
        attempted(n, lambda: one(n))


with torch.no_grad():
    dict(rates=rates, logits=logits, dense=dense, parallelcomp=parallelcomp)[JOB]()
