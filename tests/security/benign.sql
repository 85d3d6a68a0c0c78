SELECT a: id, b: name FROM gold.products ORDER BY a
SELECT total: sum(amount), n: count(*) FROM gold.orders
FROM x: gold.products SELECT x.id ORDER BY x.id
FROM gold.products AS p SELECT p.* ORDER BY ALL
FROM gold.orders SELECT status, n: count(*) GROUP BY ALL HAVING n > 3 ORDER BY ALL
SELECT * FROM (FROM gold.products) ORDER BY id
SELECT id, name[1:3], name[-1], name[:-2] FROM gold.products ORDER BY id
SELECT 'abc'[1], 'hello'[2:]
SELECT {'a': 1}.a, {'a': {'b': 2}}.a.b, (SELECT {'x': 5}).x
SELECT s.* FROM (SELECT {'a': 1, 'b': 'x'} AS s)
SELECT s.a, s['b'] FROM (SELECT {'a': 1, 'b': 'x'} AS s)
SELECT struct_insert({'a': 1}, b := 2), struct_concat({'a': 1}, {'b': 2}), struct_update({'a': 1}, a := 3)
SELECT MAP {'k': 1}['k'], MAP([1,2],['a','b'])[1], map_extract(MAP {'k': 1}, 'k'), cardinality(MAP {1: 2})
SELECT map_from_entries([('a', 1), ('b', 2)]), map_entries(MAP {'a': 1}), map_concat(MAP {'a':1}, MAP {'b':2}), map_contains(MAP {'a':1}, 'a')
SELECT array_cross_product([1,2,3]::FLOAT[3], [2,3,4]::FLOAT[3]), array_inner_product([1,2]::FLOAT[2],[1,2]::FLOAT[2]), array_value(1,2,3)
SELECT list_any_value([null, 1]), list_sum([1,2]), list_avg([1,2]), list_median([1,2]), list_mode([1,1,2]), list_count([1]), list_product([1,2]), list_stddev_samp([1,2,3]), list_string_agg(['a','b'])
SELECT generate_series(1, 3), range(3), range(0, 10, 5)
SELECT * FROM generate_series(DATE '2024-01-01', DATE '2024-01-10', INTERVAL 3 DAY) t(d) ORDER BY d
SELECT d::DATE AS day, coalesce(n, 0) AS n FROM range(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-08', INTERVAL 1 DAY) s(d) LEFT JOIN (SELECT ordered_at::DATE AS o, count(*) AS n FROM gold.orders GROUP BY 1) q ON q.o = d::DATE ORDER BY 1
WITH spine AS (SELECT unnest(generate_series(DATE '2024-01-01', DATE '2024-01-05', INTERVAL '1 day'))::DATE AS d) SELECT d, dayname(d), isodow(d), week(d), last_day(d) FROM spine ORDER BY d
WITH RECURSIVE fib(a, b, n) AS (SELECT 0, 1, 1 UNION ALL SELECT b, a + b, n + 1 FROM fib WHERE n < 10) SELECT max(b) FROM fib
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n), count(*) FROM t
WITH RECURSIVE d AS (SELECT DATE '2024-01-01' AS d UNION ALL SELECT d + 1 FROM d WHERE d < DATE '2024-01-10') SELECT count(*), max(d) FROM d
WITH RECURSIVE tree AS (SELECT id, [id] AS path FROM gold.products WHERE id = 1 UNION ALL SELECT p.id, list_append(t.path, p.id) FROM gold.products p JOIN tree t ON p.id = t.id * 2) SELECT * FROM tree ORDER BY id
SELECT EXISTS(FROM gold.orders), EXISTS(SELECT * FROM gold.orders WHERE id < 0)
SELECT (SELECT max(id) FROM (SELECT * FROM gold.orders)), (SELECT count(*) FROM (FROM gold.orders) o)
SELECT id IN (FROM (SELECT id FROM gold.orders)) FROM gold.products
SELECT COLUMNS('id') + (SELECT count(*) FROM (FROM gold.orders)) FROM gold.products
SELECT unnest((SELECT list(id ORDER BY id) FROM gold.orders))
SELECT unnest([1, 2]), unnest({'a': 1, 'b': 2})
SELECT count(*) FROM gold.orders GROUP BY CUBE(region, status, customer_id % 2, id % 2, id % 3, month(ordered_at))
PIVOT gold.orders ON status
PIVOT_WIDER gold.orders ON status USING sum(amount) GROUP BY region
PIVOT gold.orders ON status, region || '-' || month(ordered_at) USING count(*)
SELECT bitstring_agg(id, 0, 400) FROM gold.orders
PIVOT (FROM gold.orders SELECT status, amount) ON status USING sum(amount), max(amount)
PIVOT gold.orders ON status, region USING count(*) GROUP BY customer_id ORDER BY customer_id LIMIT 5
PIVOT gold.orders ON month(ordered_at) USING sum(amount) AS s GROUP BY region ORDER BY ALL
FROM gold.orders PIVOT (sum(amount) FOR status IN ('new', 'paid') GROUP BY region) ORDER BY region
SELECT region, new, paid FROM (PIVOT (SELECT region, status, amount FROM gold.orders) ON status USING sum(amount)) ORDER BY region
WITH p AS (PIVOT (SELECT region, status, amount FROM gold.orders) ON status USING sum(amount)) SELECT region, new + paid AS np FROM p ORDER BY region
UNPIVOT (SELECT id, "unit price" AS price, id * 3 AS other FROM gold.products) ON price, other ORDER BY ALL
UNPIVOT (SELECT id, "unit price" AS price, id * 3 AS other FROM gold.products) ON (price, other) INTO NAME k VALUE a, b ORDER BY ALL
FROM (SELECT id, id * 2 AS x, id * 3 AS y FROM gold.products) UNPIVOT (v FOR k IN (x AS 'ex', y AS 'why')) ORDER BY ALL
UNPIVOT (SELECT id, id*2 AS x1, id*3 AS x2 FROM gold.products) ON COLUMNS('x.*') INTO NAME n VALUE v ORDER BY ALL
SELECT COLUMNS('(id|name)') FROM gold.products ORDER BY 1
SELECT COLUMNS(* EXCLUDE (name, "group")) * 2 FROM gold.products ORDER BY 1
SELECT COLUMNS(* REPLACE (id + 1 AS id)) FROM gold.products ORDER BY 1
SELECT min(COLUMNS(* EXCLUDE ("group"))), max(COLUMNS(* EXCLUDE ("group"))) FROM gold.products
SELECT round(avg(COLUMNS(['id', 'unit price'])), 1) FROM gold.products
SELECT * EXCLUDE (name) REPLACE (id * 2 AS id) FROM gold.products ORDER BY 1
SELECT p.* EXCLUDE (id) RENAME (name AS nm) FROM gold.products p ORDER BY ALL
SELECT * EXCLUDE (p.id) FROM gold.products p JOIN gold.prices q ON p.id = q.product_id ORDER BY ALL LIMIT 5
SELECT c.* FROM gold.customers c ANTI JOIN gold.orders o ON o.customer_id = c.id
SELECT count(*) FROM gold.orders o SEMI JOIN gold.customers c ON c.id = o.customer_id
SELECT o.id, p.price FROM gold.orders o ASOF LEFT JOIN gold.prices p ON o.customer_id = p.product_id AND p.valid_from <= o.ordered_at ORDER BY o.id LIMIT 20
SELECT p.id, t.* FROM gold.products p, LATERAL (SELECT q.price FROM gold.prices q WHERE q.product_id = p.id ORDER BY q.price DESC LIMIT 1) t ORDER BY ALL
SELECT p.id, u FROM gold.products p CROSS JOIN UNNEST([p.id, p.id + 1]) AS t(u) ORDER BY ALL
SELECT id, i FROM gold.products, range(id) r(i) WHERE id < 4 ORDER BY ALL
SELECT status, count(*) FROM gold.orders GROUP BY GROUPING SETS ((status), ()) ORDER BY ALL
SELECT status, region, GROUPING(status), GROUPING_ID(status, region), count(*) FROM gold.orders GROUP BY CUBE (status, region) ORDER BY ALL
SELECT coalesce(status, 'all') AS s, sum(amount) FROM gold.orders GROUP BY ROLLUP (status) ORDER BY ALL
SELECT status, region, sum(amount) AS total FROM gold.orders GROUP BY GROUPING SETS (CUBE (status), ROLLUP (region)) ORDER BY ALL
SELECT corr(id, amount), covar_samp(id, amount), regr_slope(amount, id), regr_intercept(amount, id), regr_r2(amount, id), regr_count(amount, id), stddev_pop(amount), var_samp(amount), kurtosis_pop(amount), sem(amount) FROM gold.orders
SELECT quantile_cont(amount, 0.25), quantile_disc(amount, [0.1, 0.9]), median(amount), mad(amount), mode(status), entropy(status), approx_count_distinct(status) FROM gold.orders
SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY amount), percentile_disc([0.25, 0.75]) WITHIN GROUP (ORDER BY amount DESC) FROM gold.orders
SELECT histogram(amount::INT, [10, 20, 30]) FROM gold.orders
SELECT string_agg(status, ', ' ORDER BY id DESC) FILTER (WHERE id < 5), listagg(status, '|' ORDER BY id) FROM gold.orders WHERE id < 10
SELECT max(amount, 3), min(amount, 2), arg_max(id, amount, 2), arg_min(id, amount), max_by(id, amount), first(id ORDER BY id), last(id ORDER BY id), any_value(status) FROM gold.orders WHERE id = 7
SELECT count(DISTINCT customer_id) FILTER (WHERE amount > 10), sum(DISTINCT amount), bool_or(amount > 40), bit_xor(id), countif(amount > 3), count_if(id > 5), product(1), fsum(amount), favg(amount), geomean(amount) FROM gold.orders
SELECT id, sum(amount) OVER (PARTITION BY customer_id ORDER BY ordered_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM gold.orders ORDER BY id
SELECT id, avg(amount) OVER (ORDER BY ordered_at RANGE BETWEEN INTERVAL '6 hours' PRECEDING AND CURRENT ROW) FROM gold.orders ORDER BY id LIMIT 10
SELECT id, count(*) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES), sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW), max(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE GROUP) FROM gold.products ORDER BY id
SELECT id, lag(amount IGNORE NULLS) OVER (ORDER BY id), first_value(amount IGNORE NULLS) OVER (ORDER BY id) FROM gold.orders ORDER BY id
SELECT id, ntile(4) OVER (ORDER BY id), cume_dist() OVER (ORDER BY id), percent_rank() OVER (ORDER BY id), rank() OVER (ORDER BY status), dense_rank() OVER (ORDER BY status), row_number() OVER (ORDER BY id) FROM gold.orders ORDER BY id
SELECT id, rank() OVER (PARTITION BY status ORDER BY amount DESC) AS r FROM gold.orders QUALIFY r = 1 ORDER BY id
SELECT * FROM gold.orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at DESC) = 1 ORDER BY id
SELECT status, sum(amount) AS s FROM gold.orders GROUP BY status QUALIFY rank() OVER (ORDER BY s DESC) = 1
SELECT median(amount) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), quantile_cont(amount, 0.5) OVER (ORDER BY id), list(id) OVER (ORDER BY id ROWS 2 PRECEDING), count(DISTINCT status) OVER (ORDER BY id) FROM gold.orders ORDER BY id LIMIT 5
SELECT DISTINCT ON (customer_id) customer_id, id, amount FROM gold.orders ORDER BY customer_id, amount DESC, id
SELECT id FROM gold.products ORDER BY id LIMIT 20%
SELECT id FROM gold.products ORDER BY id LIMIT 20 PERCENT
SELECT * FROM gold.products ORDER BY ALL DESC LIMIT 3
SELECT id FROM gold.products ORDER BY id DESC NULLS FIRST LIMIT 1 + 1 OFFSET 1
SELECT count(*) FROM gold.orders USING SAMPLE 100%
SELECT count(*) FROM gold.orders TABLESAMPLE reservoir(10 ROWS)
SELECT count(*) FROM (SELECT * FROM gold.orders USING SAMPLE 10 ROWS (reservoir, 42))
SELECT count(*) FROM gold.orders TABLESAMPLE bernoulli(100 PERCENT) REPEATABLE (42)
VALUES (1, 'a'), (2, 'b') ORDER BY 1 DESC
SELECT * FROM (VALUES (1, DATE '2024-01-01'), (2, NULL)) AS t(a, b) ORDER BY a
WITH v(a, b) AS (VALUES (1, 2), (3, 4)) SELECT sum(a), sum(b) FROM v
SELECT $$it's a "dollar" quote$$, $tag$x $$ y$tag$
SELECT 'caf\u00e9' AS "naïve ☕"
SELECT '41'::BLOB, '\xAA'::BLOB, from_hex('4142'), unhex('41')
SELECT interval '1 year 2 months 3 days', INTERVAL 5 MINUTES, INTERVAL (2 + 1) DAY, to_days(2) + INTERVAL '1' HOUR, INTERVAL '90' SECOND
SELECT TIMESTAMP '2024-01-31' + INTERVAL 1 MONTH, DATE '2024-03-01' - DATE '2024-02-01', DATE '2024-01-01' + 5, age(TIMESTAMP '2024-03-01', TIMESTAMP '2024-01-15')
SELECT TIMESTAMPTZ '2024-06-01 12:00:00+00' AT TIME ZONE 'America/New_York', TIMESTAMP '2024-06-01 12:00' AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'UTC', timezone('Asia/Tokyo', TIMESTAMP '2024-01-01')
SELECT date_trunc('week', ordered_at) AS w, date_part('isodow', min(ordered_at)), extract('hour' FROM max(ordered_at)), strftime(min(ordered_at), '%Y-%m-%d'), epoch(max(ordered_at)) FROM gold.orders GROUP BY 1 ORDER BY 1
SELECT year(d), quarter(d), monthname(d), dayofyear(d), weekofyear(d), yearweek(d), julian(d), century(d), date_diff('day', d, DATE '2024-12-31'), datesub('month', d, DATE '2024-12-31'), make_date(2024, 2, 29), strptime('2024-01-02', '%Y-%m-%d'), try_strptime('x', '%Y'), time_bucket(INTERVAL '1 month', d) FROM (SELECT DATE '2024-05-17' AS d)
SELECT make_timestamp(2024,1,2,3,4,5.6), make_time(1,2,3.5), epoch_ms(1700000000000), to_timestamp(1700000000), DATE '2024-01-01' < current_date, now() > TIMESTAMPTZ '2020-01-01', today() > DATE '2020-01-01', current_timestamp IS NOT NULL, localtimestamp IS NOT NULL, get_current_timestamp() IS NOT NULL
SELECT current_date - 30 < current_date, CURRENT_TIME IS NOT NULL, date_trunc('month', current_date) - INTERVAL 1 DAY IS NOT NULL
SELECT regexp_extract(name, '(\d+)', 1)::INT AS n, regexp_replace(name, '\s+', '_', 'g'), regexp_matches(name, '^P'), regexp_full_match(name, '.*1'), regexp_split_to_array(name, ' '), regexp_extract_all(name, '\w+'), name ~ '.*\d', name !~ 'x', name SIMILAR TO 'Product.*', regexp_extract('2023-04-15', '(\d+)-(\d+)', ['y', 'm']) FROM gold.products ORDER BY id
SELECT upper(name), trim('  x '), lpad(id::VARCHAR, 3, '0'), split_part(name, ' ', 2), string_split(name, ' ')[2], concat_ws('-', id, name), format('{} {:.2f}', name, 1.5), printf('%05d', id), jaccard('ab','ac') FROM gold.products ORDER BY id
SELECT name.upper().replace('P', 'Q').left(3) FROM gold.products ORDER BY id
SELECT name LIKE 'Pro%', name ILIKE '%ODUCT%', name NOT LIKE '%9', name GLOB 'P*', name ~~ 'P%', name LIKE 'a$%' ESCAPE '$', 'a' ^@ 'a' FROM gold.products ORDER BY id
SELECT prefs->>'theme' AS theme, prefs->'n'->0, prefs->>'$.n[1]', json_extract(prefs, '$.n'), json_extract_string(prefs, '/theme'), json_array_length(prefs, '$.n'), json_type(prefs, '$.n'), json_exists(prefs, '$.x'), json_contains(prefs, '"dark"'), json_keys(prefs), json_valid('{'), (prefs->'n')[0] FROM gold.customers ORDER BY id
SELECT from_json('{"a": 1, "b": ["x"]}', '{"a": "INTEGER", "b": ["VARCHAR"]}').a, json_transform('{"d": 5}', '{"d": "BIGINT"}').d, to_json({'a': 1}), json_object('k', 1), json_array(1, 'x'), json_merge_patch('{"a":1}', '{"b":2}'), '{"a": [1,2]}'::JSON->'a'->>1, ('[1,2,3]'::JSON)::INT[], json_group_array(1), json_pretty('{"a":1}'), json_quote('x')
SELECT CAST(prefs->'n' AS INT[]), prefs.theme, prefs.n[0] FROM gold.customers ORDER BY id
SELECT e.key, e.value, e.type FROM gold.customers c, json_each(c.prefs) e WHERE c.id = 1 ORDER BY ALL
SELECT t.fullkey, t.atom FROM json_tree('{"a": {"b": [1, 2]}}') t ORDER BY ALL
SELECT unnest(from_json(prefs->'n', '["INT"]')) AS n FROM gold.customers ORDER BY ALL
SELECT id FROM gold.products UNION ALL BY NAME SELECT id, 'x' AS tag FROM gold.customers ORDER BY ALL
(SELECT id FROM gold.products ORDER BY id LIMIT 2) UNION (SELECT id FROM gold.customers ORDER BY id DESC LIMIT 2) ORDER BY 1
SELECT id FROM gold.products EXCEPT SELECT id FROM gold.customers WHERE id > 3 ORDER BY id
SELECT id FROM gold.products INTERSECT SELECT product_id FROM gold.prices ORDER BY id
FROM gold.products UNION ALL FROM gold.products ORDER BY ALL LIMIT 3
WITH a AS (SELECT 1 AS x), b AS (SELECT 2 AS x) FROM a UNION ALL FROM b ORDER BY x
WITH t AS MATERIALIZED (SELECT * FROM gold.orders) SELECT (SELECT count(*) FROM t), (SELECT max(amount) FROM t)
SELECT try_cast('x' AS INT), 7 // 2, 2 ** 3, 5 & 3, 1 << 4, ~5, xor(5, 3), abs(-5), ceil(1.2), floor(1.8), round(2.345, 2), sqrt(16), ln(1), log10(100), exp(0), power(2, 3), pi(), sign(-3), greatest(1, 2), least(1, 2), isnan('nan'::DOUBLE), 'inf'::DOUBLE, mod(7, 3), gcd(4, 6), factorial(5), even(3), trunc(1.9), cbrt(27), log2(8), log(100), sin(0), degrees(pi()), radians(180), atan2(1, 1)
SELECT CASE WHEN amount BETWEEN 1 AND 10 THEN 'low' WHEN amount IN (20.25, 30.25) THEN 'mid' END FROM gold.orders ORDER BY id
SELECT id IS DISTINCT FROM 3, id IS NOT DISTINCT FROM 3, (id > 3) IS TRUE, NULL IS UNKNOWN FROM gold.products ORDER BY id
SELECT (id, name) IN ((1, 'Product 1'), (2, 'x')), (1, 2) < (1, 3), row(1, 2) = (1, 2) FROM gold.products ORDER BY id
SELECT id FROM gold.products WHERE id IN (FROM range(3)) ORDER BY id
SELECT id FROM gold.products WHERE name IN ['Product 1', 'Product 2'] ORDER BY id
SELECT 3 = ANY([1, 2, 3]), 3 > ALL([1, 2]), 2 IN [1, 2]
SELECT id FROM gold.products p WHERE id > (SELECT avg(id) FROM gold.products q WHERE q."group" = p."group") ORDER BY id
SELECT ARRAY(SELECT id FROM gold.products ORDER BY id DESC LIMIT 3), ARRAY[1, 2][1]
SELECT [x * 2 FOR x IN [1, 2, 3] IF x > 1], [i FOR i IN range(3)], {'a': [y FOR y IN [1]]}
SELECT [upper(s) FOR s IN string_split('a b', ' ')], [x + i FOR x, i IN [1, 2]]
SELECT list_sort([3, 1, 2], 'DESC'), [1, 2] || [3], array_append([1], 2), list_prepend(0, [1]), array_to_string([1, 2], '-'), list_grade_up([3, 1])
SELECT union_value(n := 1)::UNION(n INT, s VARCHAR) AS u, union_tag(union_value(n := 1))
SELECT [1, 2, 3]::INT[3], array_distance([1.0, 2]::FLOAT[2], [2, 3]::FLOAT[2]), array_cosine_similarity([1, 2]::FLOAT[2], [2, 3]::FLOAT[2]), list_cosine_similarity([1.0, 2], [2, 3])
SELECT CAST({'a': 1} AS STRUCT(a BIGINT)), CAST([1] AS VARCHAR[]), CAST('[1, 2]' AS INT[]), '{"a": 1}'::STRUCT(a INT), NULL::MAP(VARCHAR, INT)
SELECT name COLLATE NOCASE = 'PRODUCT 1' FROM gold.products ORDER BY name COLLATE NOCASE
SELECT lower(status) AS status, count(*) AS n FROM gold.orders GROUP BY status ORDER BY n DESC, status
SELECT status AS s, s || '!' AS t, length(t) AS l FROM gold.orders WHERE s = 'new' ORDER BY id LIMIT 3
SELECT sum(amount) AS total, total / count(*) AS mean FROM gold.orders
SELECT * FROM gold.orders WHERE ordered_at::DATE = '2024-01-03' ORDER BY id
SELECT * FROM gold.orders WHERE ordered_at BETWEEN '2024-01-02' AND '2024-01-03' AND status <> 'new' ORDER BY id
SELECT customer_id, min(ordered_at) AS f, date_diff('day', f, max(ordered_at)) FROM gold.orders GROUP BY customer_id ORDER BY customer_id
SELECT c.city, count(DISTINCT o.customer_id) AS buyers, count(DISTINCT c.id) AS people, buyers / people AS share FROM gold.customers c LEFT JOIN gold.orders o ON o.customer_id = c.id GROUP BY c.city ORDER BY 1
SELECT a.id, b.id FROM gold.products a, gold.products b WHERE a.id < b.id AND a."group" = b."group" ORDER BY ALL
SELECT p.name, (SELECT round(avg(price), 2) FROM gold.prices WHERE product_id = p.id) AS avg_price FROM gold.products p ORDER BY 2 DESC NULLS LAST, 1
SELECT x, y FROM (SELECT unnest([1, 2]) AS x, unnest(['a', 'b']) AS y) ORDER BY x
SELECT unnest(scores) AS s, count(*) FROM gold.customers GROUP BY s ORDER BY s
SELECT id, unnest(address) FROM gold.customers ORDER BY id
SELECT id, address.* FROM gold.customers ORDER BY id
SELECT t.* FROM (SELECT unnest([{'a': 1, 'b': 2}, {'a': 3, 'b': 4}], recursive := true)) t ORDER BY ALL
SELECT * FROM gold.products LIMIT 0
SELECT count(*) FROM gold.products WHERE NOT EXISTS (SELECT 1 FROM gold.prices WHERE product_id = products.id)
SELECT products.id, products.name FROM gold.products ORDER BY products.id
SELECT gold.products.id FROM gold.products ORDER BY 1
SELECT count(*) FROM gold.orders, gold.customers WHERE orders.customer_id = customers.id
SELECT o.status, c.city, sum(o.amount) FROM gold.orders o JOIN gold.customers c ON c.id = o.customer_id WHERE o.amount > 5 GROUP BY ALL ORDER BY ALL
SELECT * FROM (SELECT id, name FROM gold.products) p JOIN (SELECT product_id AS id, max(price) AS top FROM gold.prices GROUP BY 1) q USING (id) ORDER BY id
SELECT id, name FROM gold.products WHERE (id % 2 = 0) = ("group" = 'a') ORDER BY id
SELECT min(id) AS "min", max(id) AS "max", count(*) AS "count" FROM gold.products
SELECT id AS "Order", "Order" * 2 AS "2x" FROM gold.products ORDER BY "Order"
SELECT sum(CASE WHEN status = 'paid' THEN amount END) / sum(amount) AS r, 100.0 * count(*) FILTER (status = 'paid') / count(*) AS pct FROM gold.orders
SELECT approx_quantile(amount, 0.5), reservoir_quantile(amount, 0.5) IS NOT NULL, approx_top_k(status, 2) FROM gold.orders
SELECT count(*) FROM gold.orders WHERE status NOT IN ('new') AND NOT (amount > 30 OR amount IS NULL)
SELECT list({'id': id, 'name': name} ORDER BY id)[1].name FROM gold.products
SELECT id, list_transform(range(id), lambda i: i * i) FROM gold.products WHERE id < 4 ORDER BY id
SELECT id, list_filter(scores, lambda s, i: i > 1) FROM gold.customers ORDER BY id
SELECT list_reduce(scores, lambda acc, s: acc + s, 100) FROM gold.customers ORDER BY id
SELECT list_aggregate(scores, 'avg'), list_aggregate(scores, 'quantile_cont', 0.5) FROM gold.customers ORDER BY id
SELECT id FROM gold.products WHERE id = 1 -- it's; a comment
SELECT row_number() OVER () AS rn, q.* FROM (SELECT * FROM gold.products ORDER BY id) q
SELECT 'a' || NULL, concat('a', NULL), NULL || 'b'
SELECT 1e3, 1_000_000, 0x1F, 0b101, .5, 5., 1e-2
SELECT 1e3, 1_000_000, .5, 5., 1e-2, 0xFF
SELECT TIME '12:30:00', TIMESTAMP_NS '2024-01-01 00:00:00.123456789', '2024-01-01'::TIMESTAMP_S, TIMETZ '10:00:00+02', TIME '10:00' + INTERVAL 1 HOUR
SELECT bit_count('101'::BIT), '101'::BIT & '110'::BIT, bitstring_agg(id) FROM gold.products
SELECT UUID 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'x'::VARCHAR(3), 1::TINYINT, 2::UBIGINT, 3::HUGEINT, 1.5::REAL
SELECT sum(id) FROM gold.products GROUP BY ()
SELECT count(*) AS n FROM gold.orders HAVING count(*) > 5
SELECT "id", `name` FROM gold.products
SELECT p.a FROM gold.products AS p(a, b, c, d) ORDER BY 1
SELECT id, name FROM gold.products ORDER BY name COLLATE NOCASE DESC, 1
SELECT mode(status), first(DISTINCT status ORDER BY status) FROM gold.orders
SELECT avg(amount)::DECIMAL(10,2) AS a, round(stddev(amount)) FROM gold.orders GROUP BY status HAVING a > 1 ORDER BY a
SELECT ordered_at::DATE::VARCHAR || ' ' || status FROM gold.orders ORDER BY id LIMIT 2
SELECT id, CASE WHEN lag(status) OVER (ORDER BY id) IS DISTINCT FROM status THEN 1 ELSE 0 END AS changed FROM gold.orders ORDER BY id
SELECT g, count(*) FROM (SELECT sum(c) OVER (ORDER BY id) AS g FROM (SELECT id, CASE WHEN status = 'new' THEN 1 ELSE 0 END AS c FROM gold.orders)) GROUP BY g ORDER BY g
SELECT floor(amount / 10) * 10 AS bucket, count(*) FROM gold.orders GROUP BY bucket ORDER BY bucket
SELECT equi_width_bins(0, 100, 5, true), bar(5, 0, 10)
SELECT id, 'x' AS k FROM gold.products WHERE id < 3 UNION ALL SELECT id, 'y' FROM gold.products WHERE id > 8 ORDER BY k, id
WITH x AS (SELECT 1 AS a) SELECT * FROM x, (SELECT a + 1 AS b FROM x) y
WITH orders AS (FROM gold.orders WHERE amount > 20) SELECT status, count(*) FROM orders GROUP BY status ORDER BY 1
SELECT s.status, s.n FROM (SELECT status, count(*) FROM gold.orders GROUP BY 1) AS s(status, n) ORDER BY 1
SELECT * FROM unnest([1, 2, 3]) WITH ORDINALITY
SELECT i, j FROM range(3) a(i), range(i) b(j) ORDER BY ALL
SELECT list(i ORDER BY i DESC) FROM range(5) t(i)
SELECT repeat('ab', 3), lpad('7', 3, '0'), 'a' < 'B', greatest('a', 'b')
SELECT * FROM repeat('x', 3)
SELECT COUNT(*) FROM (SELECT DISTINCT status, region FROM gold.orders)
SELECT id FROM gold.products OFFSET 8
FROM gold.products WHERE id > 8
FROM range(5)
FROM (VALUES (1), (2)) t(x) SELECT x * 2
SELECT count() FROM gold.orders
SELECT count(*) c, status s FROM gold.orders GROUP BY s ORDER BY c DESC, s
SELECT name, id FROM gold.products ORDER BY 2 LIMIT ALL
SELECT sum(amount) FROM gold.orders WHERE date_part('dow', ordered_at) IN (0, 6)
SELECT date_part(['year', 'month', 'day'], ordered_at).year FROM gold.orders LIMIT 1
SELECT cast(ordered_at AS DATE) d, count(*) FILTER (WHERE status = 'paid') OVER (PARTITION BY d) FROM gold.orders ORDER BY id LIMIT 3
SELECT arg_max(status, amount) FILTER (amount < 40), max_by(status, amount) FROM gold.orders
SELECT lttb(id, amount, 3) FROM gold.orders
SELECT id, fill(rating) OVER (ORDER BY id) FROM gold.customers ORDER BY id
SELECT list_histogram([1, 1, 2]), list_entropy([1, 2])
SELECT md5(name), sha1(name), hash(name) % 10 < 10 FROM gold.products
SELECT name, id FROM gold.products WHERE starts_with(lower(name), 'product') AND length(name) > 9
SELECT current_localtimestamp() IS NOT NULL, current_localtime() IS NOT NULL, transaction_timestamp() IS NOT NULL
SELECT ROW(1, 'a'), (1, 'a'), struct_extract({'a': 1}, 'a'), struct_pack(a := 1, b := 2).b
SELECT typeof(amount), typeof(ordered_at), typeof(scores) FROM gold.orders, gold.customers LIMIT 1
SELECT encode('a'), decode('a'::BLOB), base64('a'::BLOB), bin(5), hex(255), to_base(10, 2), format_bytes(1024), ord('a'), unicode('a')
SELECT year, total FROM (SELECT year(ordered_at) AS year, sum(amount) AS total FROM gold.orders GROUP BY 1)
SELECT month, day FROM (SELECT month(ordered_at) AS month, day(ordered_at) AS day FROM gold.orders) GROUP BY ALL ORDER BY ALL
SELECT user, status FROM (SELECT customer_id AS user, status FROM gold.orders) ORDER BY ALL LIMIT 3
SELECT q.version FROM (SELECT 1 AS version) q
SELECT * FROM gold.orders o WHERE o.amount = (SELECT max(amount) FROM gold.orders WHERE customer_id = o.customer_id) ORDER BY o.id
SELECT * FROM gold.products POSITIONAL JOIN (SELECT id AS other FROM gold.products) ORDER BY ALL
SELECT * FROM gold.products FULL OUTER JOIN gold.prices ON id = product_id AND price > 60 ORDER BY ALL
SELECT * FROM gold.products RIGHT JOIN gold.prices ON id = product_id ORDER BY ALL LIMIT 4
SELECT * FROM gold.products JOIN gold.prices ON products.id = prices.product_id ORDER BY ALL LIMIT 4
SELECT id, count(price) FROM gold.products LEFT JOIN gold.prices ON id = product_id GROUP BY id ORDER BY id
SELECT * FROM gold.city_sizes WHERE customers > (SELECT avg(customers) FROM gold.city_sizes) ORDER BY ALL
SUMMARIZE SELECT amount, status FROM gold.orders
SELECT column_name, count FROM (SUMMARIZE gold.products) ORDER BY 1
SELECT * FROM repeat_row(1, 'a', num_rows := 2)
SELECT * FROM gold.orders WHERE id = (SELECT max(id) FROM gold.orders) AND status = 'new'
SELECT (SELECT count(*) FROM gold.orders WHERE customer_id = c.id) AS n, c.city FROM gold.customers c ORDER BY n DESC, c.id LIMIT 5
SELECT status, list(id ORDER BY id)[:3] AS ids FROM gold.orders GROUP BY status ORDER BY status
SELECT date_trunc('day', ordered_at) AS d, count(*) AS n, sum(n) OVER (ORDER BY d) AS cum FROM gold.orders GROUP BY d ORDER BY d
SELECT status, count(*) AS n, n / sum(n) OVER () AS share FROM gold.orders GROUP BY status ORDER BY ALL
WITH a AS (SELECT status, sum(amount) s FROM gold.orders GROUP BY 1), b AS (SELECT max(s) m FROM a) SELECT a.status FROM a, b WHERE a.s = b.m
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY status ORDER BY id) rn FROM gold.orders) WHERE rn <= 2 ORDER BY ALL
SELECT x.status, y.status FROM gold.orders x JOIN gold.orders y ON x.customer_id = y.customer_id AND x.id < y.id ORDER BY ALL LIMIT 5
SELECT strftime(ordered_at, '%Y-W%V') AS wk, sum(amount)::DECIMAL(18,2) FROM gold.orders GROUP BY wk ORDER BY wk
SELECT extract(dow FROM ordered_at) AS dow, avg(amount) FROM gold.orders GROUP BY 1 ORDER BY 1
SELECT city, sum(CASE WHEN id % 2 = 0 THEN 1 ELSE 0 END) even, count(*) FILTER (WHERE id % 2 = 1) odd FROM gold.customers GROUP BY city ORDER BY city
SELECT id, address.street AS st, address['zip'] z FROM gold.customers WHERE address.zip BETWEEN 1001 AND 1005 ORDER BY z
SELECT id FROM gold.customers WHERE list_contains(scores, 1) OR 2 = ANY(scores) ORDER BY id
SELECT id, json_extract_string(prefs, '$.theme') th FROM gold.customers WHERE json_extract_string(prefs, 'theme') = 'dark' ORDER BY id LIMIT 3
SELECT prefs->>'$."a.b"' FROM gold.customers ORDER BY id LIMIT 2
SELECT json_extract(prefs, ['$.theme', '$.n[0]']) FROM gold.customers ORDER BY id LIMIT 2
SELECT id, rating, coalesce(rating, avg(rating) OVER ()) FROM gold.customers ORDER BY id
SELECT quantile_cont(amount, [0.25, 0.5, 0.75])[2] AS med FROM gold.orders
SELECT status, approx_count_distinct(customer_id) > 0 FROM gold.orders GROUP BY ALL ORDER BY 1
SELECT * FROM gold.products ORDER BY random() < 2, id
SELECT count(*) OVER w AS c, id FROM gold.products WINDOW w AS (PARTITION BY "group") ORDER BY id
SELECT "group", array_agg(DISTINCT name ORDER BY name DESC) FROM gold.products GROUP BY "group" ORDER BY "group"
SELECT * FROM gold.products p WHERE p.name = ANY (SELECT 'Product ' || i FROM range(3) t(i)) ORDER BY id
SELECT p.id, r.i FROM gold.products p JOIN range(3) r(i) ON r.i = p.id % 3 ORDER BY ALL
SELECT id, [x FOR x IN range(1, id) IF id % x = 0] AS divisors FROM gold.products ORDER BY id
SELECT map_keys(histogram(status)) FROM gold.orders
SELECT UNNEST(map_entries(histogram(status)))  FROM gold.orders ORDER BY ALL
SELECT e.key, e.value FROM (SELECT unnest(map_entries(histogram(status))) AS e FROM gold.orders) ORDER BY ALL
SELECT * FROM (VALUES ('a', 1), ('b', 2)) v(k, n) JOIN gold.products p ON p."group" = v.k ORDER BY ALL
SELECT DISTINCT ON (p.id) p.id, q.price FROM gold.products p JOIN gold.prices q ON q.product_id = p.id ORDER BY p.id, q.valid_from DESC
SELECT p.*, q.price FROM gold.products p LEFT JOIN (SELECT product_id, arg_max(price, valid_from) AS price FROM gold.prices GROUP BY 1) q ON q.product_id = p.id ORDER BY p.id
SELECT min(ordered_at), max(ordered_at), max(ordered_at) - min(ordered_at) AS span, age(max(ordered_at), min(ordered_at)) FROM gold.orders
SELECT customer_id, ordered_at - lag(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at) AS gap FROM gold.orders ORDER BY ALL LIMIT 5
SELECT count(*) FROM gold.orders WHERE ordered_at >= date_trunc('month', DATE '2024-01-15') AND ordered_at < date_trunc('month', DATE '2024-01-15') + INTERVAL 1 MONTH
SELECT status, region, sum(amount) FROM gold.orders GROUP BY ALL HAVING sum(amount) > 1 ORDER BY sum(amount) DESC
SELECT coalesce(c.city, 'none') AS city, count(o.id) FROM gold.customers c FULL JOIN gold.orders o ON o.customer_id = c.id GROUP BY 1 ORDER BY 1
SELECT id, CASE WHEN rating IS NULL THEN 'none' WHEN rating < 20 THEN 'low' ELSE 'high' END AS band FROM gold.customers ORDER BY id
SELECT regexp_extract(name, 'Product (?P<n>\d+)', 1) AS n FROM gold.products ORDER BY ALL
SELECT string_agg(name, ', ') FROM (SELECT name FROM gold.products ORDER BY id LIMIT 3)
SELECT length(name), count(*) FROM gold.products GROUP BY length(name) ORDER BY 1
SELECT 'total' AS k, sum(amount) AS v FROM gold.orders UNION ALL SELECT status, sum(amount) FROM gold.orders GROUP BY status ORDER BY k
SELECT * FROM gold.products EXCEPT SELECT * FROM gold.products WHERE id > 3 ORDER BY id
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM range(5) t(i)
SELECT a.*, b.n FROM (SELECT DISTINCT city FROM gold.customers) a NATURAL JOIN (SELECT city, count(*) n FROM gold.customers GROUP BY city) b ORDER BY 1
SELECT strptime('2024-02-30', '%Y-%m-%d') IS NULL FROM gold.products WHERE false
SELECT (id, name) AS pair FROM gold.products ORDER BY id LIMIT 2
SELECT any_value(name) AS n, count(*) c FROM gold.products GROUP BY ROLLUP ("group") ORDER BY c
SELECT id, name FROM gold.products ORDER BY "group" DESC, length(name), id
SELECT week(ordered_at) w, status, count(*) FROM gold.orders GROUP BY 1, 2 ORDER BY 1, 2
PIVOT (SELECT week(ordered_at) AS w, status, amount FROM gold.orders) ON status IN ('new', 'paid', 'sent') USING sum(amount) GROUP BY w ORDER BY w
PIVOT (SELECT city, id % 2 AS odd, id FROM gold.customers) ON city, odd USING count(*)
SELECT * FROM (PIVOT (SELECT region, status, amount FROM gold.orders) ON status IN ('new', 'paid') USING sum(amount) AS total, count(*) AS n) ORDER BY ALL
WITH t AS (SELECT status, region, amount FROM gold.orders) SELECT * FROM (PIVOT t ON region IN ('EU') USING avg(amount) GROUP BY status) ORDER BY status
SELECT id, list_transform(scores, lambda s: s * 2) AS d, list_sum(list_transform(scores, lambda s: s * s)) FROM gold.customers ORDER BY id
SELECT list_sort(list_distinct(flatten(list(scores)))) FROM gold.customers
SELECT {'city': city, 'n': count(*)} AS o FROM gold.customers GROUP BY city ORDER BY city
SELECT to_json({'a': id, 'b': name}) FROM gold.products ORDER BY id
SELECT json_group_array(json_object('id', id)) FROM (SELECT id FROM gold.products ORDER BY id)
SELECT timestamp '2024-03-10 02:30:00' AT TIME ZONE 'America/New_York' AT TIME ZONE 'UTC'
SELECT TIMESTAMPTZ '2024-01-01 00:00:00Z' - INTERVAL '1 hour', date_part('timezone_hour', TIMESTAMPTZ '2024-01-01 00:00:00+00') IS NOT NULL
SELECT bar(count(*), 0, 200, 20) FROM gold.orders GROUP BY status ORDER BY 1
SELECT status, count(*) FROM gold.orders GROUP BY status ORDER BY count(*) DESC, status LIMIT 1
SELECT sum(amount) FILTER (WHERE region = 'EU') / nullif(sum(amount), 0) FROM gold.orders
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE status = 'paid') FROM gold.orders
SELECT approx_top_k(status, 1)[1], max(status), min_by(status, id) FROM gold.orders
SELECT rank() OVER (ORDER BY sum(amount) DESC) r, status FROM gold.orders GROUP BY status ORDER BY r
SELECT count(DISTINCT status), count(DISTINCT (status, region)), count(*) - count(DISTINCT id) FROM gold.orders
SELECT CAST(amount AS INTEGER) / 10 * 10 AS b, count(*) FROM gold.orders GROUP BY b ORDER BY b
SELECT id, md5(name)[:8] FROM gold.products ORDER BY id
SELECT 10 / 4, 10 // 4, 10.0 / 4, -7 % 3, 2 ^ 10, 1 / 0, round(2.5), round(-2.5)
SELECT nullif('', ''), coalesce(NULL, NULL, 3), greatest(NULL, 2), least(3, NULL), concat_ws(',', 'a', NULL, 'b')
SELECT trim(both 'x' FROM 'xax'), ltrim('  a'), rtrim('a  '), lower('ÀB'), upper('ß'), 'a' || 1 || true
FROM gold.orders SELECT status, region, n: count(*), s: sum(amount) GROUP BY ALL ORDER BY s DESC LIMIT 2
FROM gold.customers c JOIN gold.orders o ON o.customer_id = c.id SELECT c.city, sum(o.amount) GROUP BY ALL ORDER BY ALL
