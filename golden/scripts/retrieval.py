"""Exact and approximate nearest neighbours, k-means, product quantisation, the recurrence window, ranking metrics.
python scripts/retrieval.py --out DIR --seed N [--held] [--only NAME,...]   (faiss, hnswlib, sklearn)"""
import warnings
import numpy as np
import faiss, hnswlib, sklearn, sklearn.metrics as skm
from gold_numpy import arguments, write, SplitMix64, plain

warnings.filterwarnings("ignore")
faiss.omp_set_num_threads(1)
a = arguments(4401)
H = a.held
SCRIPT = "retrieval.py"
ONLY = set(filter(None, a.only.split(",")))
D = 32


def put(name, about, libs, **kw):
    if ONLY and name not in ONLY:
        return
    write(a.out, name, kind=kw.pop("kind", f"retrieval.{name}"), about=about, seed=a.seed, script=SCRIPT, libs=libs, **kw)


MIXTURE = ("clustered(seed, n, d, centres, spread): g = splitmix64(seed); C = centres*d normals, row-major, in double; then all n assignments c_i = floor(uniform*centres) are drawn; then n*d normals e, row-major; vector i = C[c_i] + spread*e_i, cast to float32. "
           "Queries: the same g afterwards: m assignments, then m*d normals. unit: each float32 row divided by its L2 norm (norm summed in double, division in double, cast to float32).")


def clustered(seed, n, d, centres, spread, m, unit=False):
    g = SplitMix64(seed)
    C = g.normals(centres * d).reshape(centres, d)
    def draw(k):
        c = g.below(centres, k)
        return (C[c] + spread * g.normals(k * d).reshape(k, d)).astype(np.float32)
    x, q = draw(n), draw(m)
    if unit:
        x, q = ((v.astype(np.float64) / np.sqrt((v.astype(np.float64) ** 2).sum(1, keepdims=True))).astype(np.float32) for v in (x, q))
    return x, q


def exact():
    n, m = (2000, 20) if not H else (500, 12)
    x, q = clustered(a.seed, n, D, 40, 0.7, m)
    x[7] = x[11]                                  # an exact duplicate: equal distances
    q[3] = x[100]
    ip, l2 = faiss.IndexFlatIP(D), faiss.IndexFlatL2(D)
    ip.add(x); l2.add(x)
    s, i = ip.search(q, 10); dd, j = l2.search(q, 10)
    xu, qu = x.copy(), q.copy(); faiss.normalize_L2(xu); faiss.normalize_L2(qu)
    c = faiss.IndexFlatIP(D); c.add(xu); cs, ci = c.search(qu, 10)
    lim, rd, ri = l2.range_search(q[:4], 14.0)
    s3, i3 = ip.search(q[:2], n + 3 if n < 100 else 3)
    ex = lambda sc, idx: dict(smallest_gap=float(np.abs(np.diff(sc, axis=1)).min()))
    put("knn-exact", f"faiss IndexFlatIP, IndexFlatL2 (SQUARED distances) and cosine (normalize_L2 then IP) on in.x [{n},{D}], k=10, best first. Vectors 7 and 11 are identical (either may come first), query 3 equals vector 100. options.range: all ids with squared L2 below 14 of the first four queries, ascending id. options.smallest_gap: closest two scores in a row, so that a swap by rounding can be told from an error.",
        (faiss,), inputs=dict(x=x, q=q), outputs={"ip.scores": s, "ip.ids": i, "l2.distances": dd, "l2.ids": j, "cosine.scores": cs, "cosine.ids": ci}, tolerance=(1e-4, 1e-5), tolerances={k: (0, 0) for k in ("ip.ids", "l2.ids", "cosine.ids")},
        options=dict(range={str(k): sorted(int(v) for v in ri[lim[k]:lim[k + 1]]) for k in range(4)}, smallest_gap=dict(ip=ex(s, i), l2=ex(dd, j), cosine=ex(cs, ci)), generator="vectors are stored; made by clustered(seed, n, 32, 40, 0.7)", ))


def generator():
    g = SplitMix64(a.seed)
    raw = [str(SplitMix64(a.seed).integers64(6)[k]) for k in range(6)]
    h = SplitMix64(0); z = [str(h.next()) for _ in range(4)]
    x, q = clustered(a.seed + 100, 20000 if not H else 4000, D, 200, 0.55, 50)
    cases = [dict(kind="raw", seed=a.seed, first=raw), dict(kind="raw", seed=0, first=z), dict(kind="raw", seed=str(2**64 - 1), first=[str(v) for v in SplitMix64(2**64 - 1).integers64(3)]), dict(kind="uniform", seed=a.seed, first=SplitMix64(a.seed).uniforms(6)), dict(kind="below", seed=a.seed, n=200, first=SplitMix64(a.seed).below(200, 12)), dict(kind="normal", seed=a.seed, first=SplitMix64(a.seed).normals(7)),
             dict(kind="clustered", seed=a.seed + 100, n=len(x), d=D, centres=200, spread=0.55, queries=50, first_vector=[float(v) for v in x[0]], last_vector_first4=[float(v) for v in x[-1][:4]], first_query_first4=[float(v) for v in q[0][:4]], sum_double=float(x.astype(np.float64).sum()), sum_squares_double=float((x.astype(np.float64) ** 2).sum()))]
    put("generator", "First values of the generator the other cases name (integers over 2^53 are strings; seed 0 gives 16294208416658607535, the published first value of SplitMix64). " + SplitMix64.RULE + " " + MIXTURE, (), cases=cases, options=dict(rtol=1e-6))


def approximate():
    n, m = (20000 if not H else 4000), 50
    seed = a.seed + 100
    x, q = clustered(seed, n, D, 200, 0.55, m)
    l2 = faiss.IndexFlatL2(D); l2.add(x)
    dist, truth = l2.search(q, 10)
    d11, _ = l2.search(q, 11)
    rec = lambda ids: float(np.mean([len(set(map(int, p)) & set(map(int, t))) / 10 for p, t in zip(ids, truth)]))
    rows = []
    for M in (8, 16, 32):
        ix = hnswlib.Index("l2", D); ix.init_index(n, M=M, ef_construction=200, random_seed=100); ix.set_num_threads(1); ix.add_items(x, np.arange(n))
        for ef in (10, 20, 40, 80, 160, 320):
            ix.set_ef(ef); rows.append(dict(index="hnswlib", M=M, ef_construction=200, ef=ef, recall_at_10=rec(ix.knn_query(q, 10)[0])))
    ix = hnswlib.Index("l2", D); ix.init_index(n, M=16, ef_construction=40, random_seed=100); ix.set_num_threads(1); ix.add_items(x, np.arange(n))
    for ef in (10, 40, 160): ix.set_ef(ef); rows.append(dict(index="hnswlib", M=16, ef_construction=40, ef=ef, recall_at_10=rec(ix.knn_query(q, 10)[0])))
    for nlist in ((64, 256) if not H else (32,)):
        quant = faiss.IndexFlatL2(D); iv = faiss.IndexIVFFlat(quant, D, nlist); iv.cp.seed = 1234; iv.train(x); iv.add(x)
        for p in (1, 2, 4, 8, 16, 32, 64):
            if p <= nlist:
                iv.nprobe = p; rows.append(dict(index="faiss IVFFlat", nlist=nlist, nprobe=p, recall_at_10=rec(iv.search(q, 10)[1])))
    quant = faiss.IndexFlatL2(D); ip = faiss.IndexIVFPQ(quant, D, 64, 8, 8 if not H else 4); ip.train(x); ip.add(x); ip.nprobe = 16
    I100 = ip.search(q, 100)[1]
    rows.append(dict(index=f"faiss IVFPQ m=8 bits={8 if not H else 4} (residual)", nlist=64, nprobe=16, recall_at_10=rec(ip.search(q, 10)[1]), share_of_true_10_within_100=float(np.mean([len(set(map(int, p)) & set(map(int, t))) / 10 for p, t in zip(I100, truth)]))))
    rr = [[int(v) for v in sorted(p[p >= 0], key=lambda k: float(((x[k] - qq) ** 2).sum()))[:10]] for p, qq in zip(I100, q)]
    rows.append(dict(index="the same, 100 candidates re-ranked exactly", recall_at_10=rec(rr)))
    for t in ("SQ8", "SQfp16"):
        f = faiss.index_factory(D, t); f.train(x); f.add(x); rows.append(dict(index=f"faiss {t}", recall_at_10=rec(f.search(q, 10)[1])))
    put("ann", f"Exact 10 nearest (squared L2, faiss IndexFlatL2) of 50 queries in {n}x{D} vectors that are NOT stored: clustered(seed {seed}, {n}, 32, 200, 0.55), 50 queries (generator and first values: the case `generator`). cases.json: recall@10 hnswlib and faiss reach (their own randomness: reference level, allow -0.03; an own index with the same parameters should do as well, and at least 0.95 somewhere). out.gap = distance of neighbour 11 minus that of 10.",
        (faiss, hnswlib), outputs={"ids": truth, "distances": dist, "gap": d11[:, 10] - d11[:, 9]}, cases=rows, tolerances=dict(ids=(0, 0), distances=(1e-3, 1e-4), gap=(1e-3, 1e-2)), options=dict(vectors=dict(seed=seed, n=n, d=D, centres=200, spread=0.55, queries=m)))


def kmeans():
    n, k = (1500, 12) if not H else (400, 6)
    x, _ = clustered(a.seed + 7, n, 16 if H else D, 15, 0.5, 1)
    x = x[:, :12]
    init = x[:k].copy()
    init[-1] = 100.0                                     # an empty cluster from the start
    from sklearn.cluster import KMeans
    X, C = x.astype(np.float64), init.astype(np.float64)
    hist = []
    for it in range(10):                                 # Lloyd, own formula
        d2 = ((X[:, None] - C[None]) ** 2).sum(-1)
        lab = d2.argmin(1)
        hist.append(float(d2[np.arange(n), lab].sum()))
        for j in range(k):
            if (lab == j).any(): C[j] = X[lab == j].mean(0)
    d2 = ((X[:, None] - C[None]) ** 2).sum(-1)
    good = init.copy(); good[-1] = x[k]
    km = KMeans(k, init=good.astype(np.float64), n_init=1, max_iter=300, tol=0, algorithm="lloyd").fit(X)
    one = KMeans(k, init=good.astype(np.float64), n_init=1, max_iter=1, tol=0, algorithm="lloyd").fit(X)
    S = X / np.linalg.norm(X, axis=1, keepdims=True); Cs = good.astype(np.float64) / np.linalg.norm(good.astype(np.float64), axis=1, keepdims=True)
    for it in range(10):
        l = (S @ Cs.T).argmax(1)
        for j in range(k):
            if (l == j).any():
                v = S[l == j].sum(0); Cs[j] = v / np.linalg.norm(v)
    put("kmeans", "Lloyd's k-means from in.init (double arithmetic, own formula, ties to the lower index; an empty cluster keeps its centre: the last initial centre is far away and stays): options.inertia_before_each = sum of squared distances in each of 10 assignments, options.inertia_after = after the 10th update. sklearn: KMeans from the same centres with the last replaced by vector k, run to convergence, and inertia_ after max_iter 1 (measured against the updated centres). spherical: unit vectors, cosine assignment, centres renormalised, 10 iterations from the sklearn start.",
        (sklearn,), inputs=dict(x=x, init=init), outputs=dict(centres=C, labels=d2.argmin(1), sklearn_centres=km.cluster_centers_, sklearn_labels=km.labels_, spherical_centres=Cs), tolerance=(1e-4, 1e-4), tolerances=dict(labels=(0, 0), sklearn_labels=(0, 0)),
        options=dict(iterations=10, inertia_before_each=hist, inertia_after=float(d2.min(1).sum()), sklearn_inertia=float(km.inertia_), sklearn_iterations=int(km.n_iter_), sklearn_inertia_max_iter_1=float(one.inertia_), spherical_objective=float((S @ Cs.T).max(1).sum())))


def pq():
    n = 20000 if not H else 4000
    seed = a.seed + 100
    x, q = clustered(seed, n, D, 200, 0.55, 50)
    l2 = faiss.IndexFlatL2(D); l2.add(x); truth = l2.search(q, 10)[1]
    rows = []
    for m, bits in ((4, 8), (8, 8), (16, 8), (32, 8), (8, 4), (16, 4)) if not H else ((8, 4), (16, 4)):
        p = faiss.ProductQuantizer(D, m, bits); p.cp.seed = 1234; p.cp.niter = 25; p.train(x)
        y = p.decode(p.compute_codes(x))
        e = float(((x - y) ** 2).sum(1).mean())
        ix = faiss.IndexPQ(D, m, bits); ix.train(x); ix.add(x); ids = ix.search(q, 10)[1]
        rows.append(dict(kind="pq", subspaces=m, bits=bits, bytes=m * bits / 8, mean_squared_error=e, relative=e / float(((x - x.mean(0)) ** 2).sum(1).mean()), recall_at_10=float(np.mean([len(set(map(int, u)) & set(map(int, t))) / 10 for u, t in zip(ids, truth)]))))
    # fixed codebook: exact codes and ADC distances
    g = SplitMix64(a.seed + 60)
    books = g.normals(4 * 16 * 8).reshape(4, 16, 8).astype(np.float32)
    p = faiss.ProductQuantizer(D, 4, 4); faiss.copy_array_to_vector(books.ravel(), p.centroids)
    v, w = clustered(a.seed + 61, 60, D, 10, 0.6, 5)
    V = v.astype(np.float64).reshape(60, 4, 8)
    codes = ((V[:, :, None] - books[None].astype(np.float64)) ** 2).sum(-1).argmin(-1)
    packed = p.compute_codes(v)
    un = np.stack([packed[:, 0] & 15, packed[:, 0] >> 4, packed[:, 1] & 15, packed[:, 1] >> 4], 1)
    assert np.array_equal(un, codes)
    dec = p.decode(packed)
    table = ((w.reshape(5, 4, 1, 8) - books[None]) ** 2).sum(-1)
    adc = table[:, np.arange(4)[None], codes].sum(-1) if False else np.stack([[sum(table[i, s, c[s]] for s in range(4)) for c in codes] for i in range(5)])
    put("pq", f"Product quantisation. cases: faiss ProductQuantizer trained (25 k-means iterations per subspace) on the {n} vectors of the case `ann` (generated, not stored): mean squared reconstruction error per vector, the same over the data's total variance, recall@10 of IndexPQ (asymmetric distances, no re-ranking): reference level, allow +3 % error and -0.03 recall. io: fixed codebooks in.books [subspace, code, dim]: out.codes [vector, subspace] (faiss packs two 4-bit codes per byte, low nibble first: out.packed), out.decoded, out.adc = asymmetric squared distances of in.q.",
        (faiss,), inputs=dict(books=books, x=v, q=w), outputs=dict(codes=codes, packed=packed, decoded=dec, table=table, adc=adc), cases=rows, tolerance=(1e-4, 1e-5), tolerances=dict(codes=(0, 0), packed=(0, 0)))


def recurrence():
    n = 160 if not H else 90
    g = SplitMix64(a.seed + 30)
    base = g.normals(n // 4 * D).reshape(-1, D); base /= np.linalg.norm(base, axis=1, keepdims=True)
    obj, img, X = [], [], []
    for i in range(n):
        o = int(g.below(n // 4, 1)[0]); e = [0.02, 0.045, 0.06, 0.085, 0.12][int(g.below(5, 1)[0])]
        v = base[o] + e * g.normals(D)
        X.append(v / np.linalg.norm(v)); obj.append(o); img.append(int(g.below(n // 2, 1)[0]))
    X = np.array(X).astype(np.float32)
    S = X.astype(np.float64) @ X.astype(np.float64).T
    lo, hi, k, K = 0.90, 0.975, 3, 16
    rows, tuples = [], []
    for i in range(n):
        c = [(-S[i, j], j) for j in range(n) if j != i and img[j] != img[i]]
        c = sorted(c)[:K]
        ok = [j for s, j in c if lo <= -s <= hi]
        rows.append(ok)
        pick = []
        for j in ok:
            if all(S[j, p] <= hi for p in pick): pick.append(j)
            if len(pick) == k: break
        if len(pick) == k: tuples.append([i] + pick)
    top3 = np.array([[-s for s, _ in sorted((-S[i, j], j) for j in range(n) if j != i and img[j] != img[i])[:3]] for i in range(n)])
    near = float(min(np.abs(S[np.triu_indices(n, 1)] - t).min() for t in (lo, hi)))
    put("recurrence-window", "ObjectMate's mining rule as the description words it (3.2; imitated: numpy, double): cosine of unit vectors, other images only, the 16 nearest, kept where 0.90 <= cos <= 0.975 (both ends included; 0.90 instead of 0.93 so that enough survive here), then greedily up to three whose cosine among themselves is <= 0.975 (best first); out.survivors: -1 padded ids best first; options.tuples: target and three references. options.nearest_to_threshold: how far the closest cosine is from either bound.",
        (), inputs=dict(x=X, image=np.array(img), object=np.array(obj)), outputs=dict(survivors=np.array([r + [-1] * (16 - len(r)) for r in rows]), top3=top3), tolerance=(1e-5, 0), tolerances=dict(survivors=(0, 0)),
        options=dict(lo=lo, hi=hi, k=k, candidates=K, tuples=tuples, objects_with_1=int(sum(len(r) >= 1 for r in rows)), objects_with_3=int(sum(len(r) >= 3 for r in rows)), nearest_to_threshold=near, precision=float(np.mean([obj[i] == obj[j] for i, r in enumerate(rows) for j in r]))))


def ranking():
    g = SplitMix64(a.seed + 40)
    rows = []
    for i in range(10 if not H else 5):
        n = 12
        s = np.round(g.uniforms(n), 3); rel = g.below(4, n) * (g.uniforms(n) < 0.5)
        if i == 3: rel = np.zeros(n, int)
        if i == 4: s[2] = s[5] = s[6]
        b = (rel > 0).astype(int)
        o = np.argsort(-s, kind="stable")
        first = next((k + 1 for k, j in enumerate(o) if b[j]), None)
        rows.append(dict(scores=s, relevance=rel, ndcg=skm.ndcg_score([rel], [s]), ndcg_at_5=skm.ndcg_score([rel], [s], k=5), dcg_at_5=skm.dcg_score([rel], [s], k=5), average_precision=skm.average_precision_score(b, s) if b.any() else 0.0, reciprocal_rank=1 / first if first else 0.0,
                         recall_at_5=float(b[o[:5]].sum() / b.sum()) if b.any() else 0.0, precision_at_5=float(b[o[:5]].mean()), hit_at_1=int(b[o[0]])))
    lists = [["a", "b", "c", "d"], ["c", "a", "e"], ["f", "c", "b"]]
    r = {}
    for l in lists:
        for k, d in enumerate(l): r[d] = r.get(d, 0) + 1 / (60 + k + 1)
    rows.append(dict(kind="rrf", lists=lists, k=60, scores=r))
    x = np.round(g.normals(24).reshape(6, 4), 3); q = np.round(g.normals(4), 3)
    c = lambda u, v: float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))
    chosen = []
    while len(chosen) < 4:
        best = max((i for i in range(6) if i not in chosen), key=lambda i: 0.6 * c(q, x[i]) - 0.4 * max([c(x[i], x[j]) for j in chosen], default=0.0))
        chosen.append(best)
    rows.append(dict(kind="mmr", query=q, vectors=x, lambda_=0.6, chosen=chosen))
    put("ranking", "sklearn dcg/ndcg (linear gain, log2 discount; ties averaged) and average precision (step function over distinct scores), reciprocal rank, recall, precision and hit at k by formula (stable order); reciprocal rank fusion (k 60) and maximal marginal relevance (cosine, lambda .6, first term only for the first pick) by formula.", (sklearn,), cases=rows, options=dict(atol=1e-9))


for f in (generator, exact, approximate, kmeans, pq, recurrence, ranking):
    try:
        f()
    except Exception:
        import traceback; traceback.print_exc()
