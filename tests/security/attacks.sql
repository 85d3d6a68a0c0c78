-- Each line is an attack: refused, failing without a word of it, or showing only what the role
-- may see. The first part asks for names, columns, files, settings and sessions.
SELECT current_database FROM range(1)
SELECT current_schema FROM range(1)
SELECT "current_user" FROM range(1) t(x)
SELECT "current_user" FROM (VALUES (1)) t
SELECT session_user FROM unnest([1])
SELECT user FROM range(1)
SELECT current_role FROM range(1)
SELECT x.user FROM range(1) x
SELECT version FROM range(1)
SELECT rowid FROM range(3)
SELECT rowid FROM gold.orders
SELECT rowid FROM (SELECT * FROM gold.customers) t
SELECT t.rowid FROM gold.customers t, range(1) r
SELECT filename FROM range(1)
SELECT file_row_number FROM range(1)
SELECT file_index FROM range(1)
SELECT tableoid FROM gold.orders
SELECT ctid FROM gold.orders, range(1)
SELECT _t.email FROM gold.customers, range(1)
SELECT _t FROM gold.customers, range(1)
SELECT "_T".email FROM gold.customers, range(1)
SELECT orders FROM gold.orders
SELECT customers.email FROM gold.customers, range(1)
SELECT email FROM gold.customers, range(1)
SELECT email FROM range(1), gold.customers
SELECT gold.customers.email FROM gold.customers, range(1)
SELECT shop.gold.customers.email FROM gold.customers, range(1)
SELECT to_json(customers) FROM gold.customers
SELECT customers::VARCHAR FROM gold.customers
SELECT struct_keys(customers) FROM gold.customers
SELECT customers['email'] FROM gold.customers
SELECT customers.email.upper() FROM gold.customers, range(1)
SELECT struct_extract(customers, 'email') FROM gold.customers
SELECT UNNEST(customers) FROM gold.customers
SELECT customers.* FROM gold.customers
SELECT COLUMNS('em.*') FROM gold.customers
SELECT COLUMNS(c -> c = 'email') FROM gold.customers
SELECT COLUMNS(['email']) FROM gold.customers
SELECT * LIKE 'em%' FROM gold.customers
SELECT * ILIKE 'EM%' FROM gold.customers
SELECT * SIMILAR TO 'em.*' FROM gold.customers
SELECT * GLOB 'em*' FROM gold.customers
SELECT * EXCLUDE (id) FROM gold.customers
SELECT * REPLACE (ssn AS id) FROM gold.customers
SELECT * RENAME (email AS x) FROM gold.customers
SELECT * EXCLUDE (email) FROM gold.customers
SELECT #3 FROM gold.customers
SELECT #1, #2, #3, #4, #5, #6, #7, #8, #9 FROM gold.customers
SELECT id FROM gold.customers ORDER BY #3
FROM gold.customers ORDER BY ALL LIMIT 3
SUMMARIZE gold.customers
SUMMARIZE gold.orders
FROM (SUMMARIZE gold.orders)
SELECT c FROM gold.customers c GROUP BY ALL
SELECT list(c) FROM gold.customers c
SELECT first(c) FROM gold.customers c
SELECT arg_max(c, id) FROM gold.customers c
SELECT histogram(c) FROM gold.customers c
SELECT c = c FROM gold.customers c
SELECT row(c.*) FROM gold.customers c
SELECT struct_pack(*COLUMNS(*)) FROM gold.customers
SELECT concat(*COLUMNS(*)) FROM gold.customers
SELECT [*COLUMNS(*)] FROM gold.customers
SELECT c1.* FROM gold.customers c1 JOIN gold.customers c2 USING (id, email)
SELECT * FROM gold.customers c1 NATURAL JOIN gold.customers c2
UNPIVOT gold.customers ON COLUMNS(*) INTO NAME n VALUE v
UNPIVOT (SELECT name, email FROM gold.customers) ON name, email INTO NAME n VALUE v
UNPIVOT gold.customers ON name, email INTO NAME n VALUE v
PIVOT gold.customers ON email USING count(*)
PIVOT gold.customers ON city USING first(email)
PIVOT gold.customers ON city USING first(customers)
PIVOT gold.customers ON city USING count(*) GROUP BY email
PIVOT gold.customers ON city IN (SELECT email FROM gold.customers) USING count(*)
PIVOT gold.orders ON kind USING count(*)
PIVOT gold.orders ON note USING count(*)
SELECT * FROM gold.orders WHERE region <> 'EU'
SELECT * FROM gold.orders WHERE note LIKE 'CAN%'
SELECT count(*) FROM gold.orders WHERE note LIKE 'CAN%'
SELECT min(note), max(note) FROM gold.orders
SELECT approx_top_k(note, 400) FROM gold.orders
SELECT * FROM gold.orders TABLESAMPLE 100%
SELECT typeof(kind) FROM gold.orders LIMIT 1
SELECT enum_code(kind) FROM gold.orders LIMIT 1
SELECT kind::ENUM('plain') FROM gold.orders LIMIT 1
SELECT 'canary'::ENUM('plain', 'canary')
SELECT variant_typeof(kind::VARIANT), typeof([kind]), typeof({'a':kind}) FROM gold.orders LIMIT 1
SELECT union_value(k := kind), typeof(union_value(k := kind)) FROM gold.orders LIMIT 1
SELECT json_structure(to_json(o)) FROM gold.orders o LIMIT 1
SELECT list_aggregate([1], 'reveal')
SELECT list_aggregate(['a'], 'hr.reveal')
SELECT list_transform(['a'], reveal)
SELECT 'a'.reveal()
SELECT reveal::varchar FROM range(1) t(reveal)
SELECT nextval FROM range(1)
SELECT cast('hr.salaries' AS regclass)
SELECT 'salaries'::oid
SELECT * FROM (VALUES ('hr.salaries')) t(a), query_table(a)
SELECT * FROM hr.salaries.id
SELECT * FROM gold."orders"."x"
SELECT * FROM "gold.orders"
SELECT * FROM "hr.salaries"
SELECT * FROM 'hr.salaries'
SELECT * FROM "hr"."salaries"
SELECT * FROM hr . salaries
SELECT * FROM hr/**/.salaries
SELECT * FROM hr.salaries--
SELECT * FROM ｈｒ.salaries
SELECT * FROM hr.sa​laries
SELECT * FROM U&"hr"."salaries"
SELECT * FROM ONLY hr.salaries
SELECT * FROM LATERAL hr.salaries
SELECT id FROM gold.products WHERE id IN hr.salaries
SELECT 1 IN salaries
SELECT 'x' IN (TABLE hr.salaries)
SELECT * FROM gold.products UNION FROM hr.salaries
SELECT * FROM gold.products EXCEPT ALL BY NAME FROM hr.salaries
FROM gold.products, hr.salaries
FROM gold.products POSITIONAL JOIN hr.salaries
FROM gold.products SEMI JOIN hr.salaries USING (id)
FROM gold.products ANTI JOIN hr.salaries USING (id)
FROM gold.products WHERE EXISTS (FROM hr.salaries)
WITH x AS (SELECT 1) FROM hr.salaries
WITH salaries AS (SELECT 1) SELECT * FROM hr.salaries
WITH hr AS (SELECT 1 AS salaries) SELECT * FROM hr.salaries
WITH gold AS (SELECT {'email': 1} AS customers) SELECT gold.customers.email FROM gold.customers, gold
(TABLE hr.salaries)
DESCRIBE TABLE hr.salaries
SHOW hr.salaries
SUMMARIZE TABLE hr.salaries
SUMMARIZE hr.salaries
FROM (SHOW ALL TABLES)
FROM (DESCRIBE)
FROM duckdb_tables
FROM duckdb_tables()
FROM sqlite_schema
FROM sqlite_temp_master
FROM pragma_database_list
FROM pragma_show_tables
FROM "pragma_show_tables"()
FROM information_schema.schemata
FROM duckdb_approx_database_count()
FROM sql_auto_complete('SELECT * FROM hr')
SELECT sql_auto_complete('x')
FROM which_secret('a', 's3')
FROM parse_duckdb_log_message('x','y')
FROM enable_logging()
FROM disable_profiling()
FROM force_checkpoint()
FROM repeat(1, 10)
FROM repeat_row(1, 2, num_rows=3)
FROM summary((FROM hr.salaries))
FROM summary((SELECT 1))
FROM read_csv_auto(['a'])
FROM unnest_rewrite(1)
FROM json_execute_serialized_sql(json_serialize_sql('from hr.salaries'))
FROM read_ndjson_objects('x')
FROM parquet_scan('x')
FROM duckdb_extensions()
FROM test_vector_types(NULL::INT)
FROM seq_scan(hr.salaries)
FROM index_scan('x')
FROM remap_struct(1)
SELECT write_log('a')
SELECT parse_duckdb_log_message('a','b')
SELECT pg_size_pretty(1)
SELECT create_sort_key(name, 'ASC') FROM gold.products
SELECT checkpoint('x')
SELECT vector_type(id) FROM gold.products
SELECT can_cast_implicitly(1, 'a')
SELECT is_histogram_other_bin(1)
SELECT constant_or_null(1, 2)
SELECT get_type(1)
SELECT finalize(1)
SELECT struct_filter({'a':1}, lambda k, v: true)
SELECT map_values(MAP {'a': (SELECT max(note) FROM hr.salaries)})
SELECT getenv('HOME')
SELECT current_localtimestamp(), getvariable('x')
EXPLAIN SELECT 1
SELECT * FROM (EXPLAIN SELECT 1)
FROM (CALL pragma_version())
SELECT $$a$$; 
SELECT 1 FROM gold.orders AS OF TIMESTAMP '2020-01-01'
SELECT * FROM gold.orders AT (VERSION => 0)
SELECT * FROM gold.orders FOR UPDATE
SELECT * INTO x FROM gold.orders
SELECT 1 INTO OUTFILE 'x'
WITH x AS (TRUNCATE gold.orders) SELECT 1
WITH x AS (DROP TABLE gold.orders) SELECT 1
WITH x AS (ATTACH 'a.db') SELECT 1
WITH x AS (CALL pragma_version()) FROM x
WITH x AS (EXPLAIN SELECT 1) FROM x
WITH x AS (SHOW TABLES) FROM x
WITH x AS (DESCRIBE hr.salaries) FROM x
WITH x AS (PRAGMA version) FROM x
WITH x AS (MERGE INTO gold.products p USING gold.prices q ON p.id=q.product_id WHEN MATCHED THEN DELETE RETURNING *) FROM x
SELECT (INSERT INTO gold.products VALUES (1) RETURNING id)
FROM (DELETE FROM gold.products RETURNING *)
SELECT * FROM gold.products WHERE id = (UPDATE gold.products SET id = 1 RETURNING id)
-- A CTE called like a hidden table must stand for itself wherever a query may stand.
WITH kpi AS (SELECT 'mine' AS label) SELECT (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT 1 ORDER BY (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT 'CAN' AS a ORDER BY (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT id, (SELECT max(label) FROM kpi) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (SELECT (SELECT max(label) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) SELECT 1 UNION ALL SELECT (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) (SELECT '1') UNION ALL (SELECT (SELECT max(label) FROM kpi)) ORDER BY 1
WITH kpi AS (SELECT 'mine' AS label) SELECT 'a' UNION ALL SELECT 'b' ORDER BY (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT id FROM gold.products LIMIT (SELECT length(max(label)) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT id FROM gold.products LIMIT 2 OFFSET (SELECT length(max(label)) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT DISTINCT ON ((SELECT max(label) FROM kpi)) (SELECT max(label) FROM kpi), id FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT (SELECT max(label) FROM kpi), count(*) FROM gold.products GROUP BY (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT (SELECT max(label) FROM kpi), count(*) FROM gold.products GROUP BY ALL
WITH kpi AS (SELECT 'mine' AS label) SELECT max((SELECT max(label) FROM kpi)) OVER (ORDER BY (SELECT max(label) FROM kpi)) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT list_transform([1], lambda x: (SELECT max(label) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) SELECT [(SELECT max(label) FROM kpi) FOR x IN [1]]
WITH kpi AS (SELECT 'mine' AS label) VALUES ((SELECT max(label) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (VALUES ((SELECT max(label) FROM kpi))) t(a)
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM unnest([(SELECT max(label) FROM kpi)])
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM unnest((SELECT list(label) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM range((SELECT length(max(label)) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM json_each((SELECT to_json(list(label)) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM gold.products p, LATERAL (SELECT (SELECT max(label) FROM kpi)) l
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM gold.products p JOIN gold.products q ON p.name <> (SELECT max(label) FROM kpi) AND p.id = (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT * REPLACE ((SELECT max(label) FROM kpi) AS name) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT COLUMNS(lambda c: c < (SELECT max(label) FROM kpi)) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT count(*) FILTER (WHERE id::varchar < (SELECT max(label) FROM kpi)), (SELECT max(label) FROM kpi) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT string_agg(name ORDER BY (SELECT max(label) FROM kpi)), (SELECT max(label) FROM kpi) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT lag(name, 1, (SELECT max(label) FROM kpi)) OVER () FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT id FROM gold.products QUALIFY (SELECT max(label) FROM kpi) = 'CANARY KPI'
WITH kpi AS (SELECT 'mine' AS label) SELECT id, (SELECT max(label) FROM kpi) FROM gold.products HAVING (SELECT max(label) FROM kpi) = 'CANARY KPI'
WITH kpi AS (SELECT 'mine' AS label) SELECT 'CANARY KPI' = (SELECT max(label) FROM kpi) AS canary_found
WITH kpi AS (SELECT 'mine' AS label) PIVOT (SELECT (SELECT max(label) FROM kpi) AS l, id FROM gold.products) ON l USING count(*)
WITH kpi AS (SELECT 'mine' AS label) PIVOT kpi ON label USING count(*)
WITH kpi AS (SELECT 'mine' AS label) PIVOT kpi ON label IN ('x') USING count(*)
WITH kpi AS (SELECT 'mine' AS label) PIVOT (SELECT id, name FROM gold.products) ON name USING max((SELECT max(label) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) PIVOT (SELECT id, name FROM gold.products) ON name IN ('Product 1') USING max((SELECT max(label) FROM kpi))
WITH kpi AS (SELECT 'mine' AS label) PIVOT (SELECT id, name FROM gold.products) ON ((SELECT max(label) FROM kpi)) USING count(*)
WITH kpi AS (SELECT 'mine' AS label) PIVOT (SELECT id, name FROM gold.products) ON name IN ((SELECT max(label) FROM kpi)) USING count(*)
WITH kpi AS (SELECT 'mine' AS label) UNPIVOT kpi ON label INTO NAME n VALUE v
WITH kpi AS (SELECT 'mine' AS label) UNPIVOT (SELECT (SELECT max(label) FROM kpi) AS a, 'b' AS b) ON a,b INTO NAME n VALUE v
WITH kpi AS (SELECT 'mine' AS label) SUMMARIZE kpi
WITH kpi AS (SELECT 'mine' AS label) SUMMARIZE SELECT (SELECT max(label) FROM kpi) AS a
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (SUMMARIZE kpi)
WITH kpi AS (SELECT 'mine' AS label) FROM kpi
WITH kpi AS (SELECT 'mine' AS label) TABLE kpi
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM kpi x NATURAL JOIN kpi y
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM kpi POSITIONAL JOIN kpi k2
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM kpi TABLESAMPLE 100%
WITH kpi AS (SELECT 'mine' AS label) SELECT ARRAY(SELECT label FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT 'a' IN (SELECT label FROM kpi), 'CANARY KPI' IN (FROM kpi) AS canary
WITH kpi AS (SELECT 'mine' AS label) SELECT EXISTS (FROM kpi WHERE label LIKE 'CAN%') as e
WITH kpi AS (SELECT 'mine' AS label) SELECT (WITH z AS (FROM kpi) SELECT max(label) FROM z)
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (WITH z AS (FROM kpi) FROM z)
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (SELECT * FROM kpi UNION ALL SELECT * FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (PIVOT kpi ON label USING count(*))
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM (PIVOT kpi ON label USING count(*) UNION ALL BY NAME FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM gold.products ORDER BY (SELECT count(*) FROM kpi), (SELECT max(label) FROM kpi)
WITH kpi AS (SELECT 'mine' AS label) SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN (SELECT length(max(label)) FROM kpi) PRECEDING AND CURRENT ROW) FROM gold.products
WITH kpi AS (SELECT 'mine' AS label) SELECT CASE (SELECT max(label) FROM kpi) WHEN 'CANARY KPI' THEN 'canary' END
WITH kpi AS (SELECT 'mine' AS label) SELECT (SELECT max(label) FROM kpi) COLLATE NOCASE
WITH kpi AS (SELECT 'mine' AS label) SELECT try((SELECT max(label) FROM kpi)), try_cast((SELECT max(label) FROM kpi) AS varchar)
WITH kpi AS (SELECT 'mine' AS label) SELECT 1 WHERE (SELECT max(label) FROM kpi) = 'CANARY KPI'
WITH kpi AS (SELECT 'mine' AS label) FROM (FROM kpi) a ASOF JOIN (FROM kpi) b ON a.label >= b.label
WITH kpi AS (SELECT 'mine' AS label) SELECT * FROM gold.products p LEFT JOIN kpi ON true
WITH kpi AS (SELECT 'mine' AS label) SELECT kpi FROM kpi
WITH kpi AS (SELECT 'mine' AS label) SELECT kpi.* FROM kpi
WITH kpi AS (SELECT 'mine' AS label) SELECT kpi.label FROM kpi
WITH kpi AS (SELECT 'mine' AS label) SELECT main.kpi.label FROM kpi
WITH kpi AS (SELECT 'mine' AS label) SELECT 1 AS a INTERSECT SELECT length(label) FROM kpi
WITH kpi AS (SELECT 'mine' AS label) (WITH kpi AS (SELECT 'inner' AS label) FROM kpi) UNION ALL FROM kpi
-- Predicates, errors and statistics as oracles over hidden rows.
SELECT count(*) FROM gold.orders WHERE CAST(note AS INTEGER) > 0
SELECT count(*) FROM gold.orders WHERE CASE WHEN note LIKE 'CAN%' THEN 1 // 0 END IS NULL
SELECT sum(CASE WHEN region = 'US' THEN CAST('x' AS INTEGER) ELSE 0 END) FROM gold.orders
SELECT try(CAST(note AS INTEGER)) FROM gold.orders
SELECT count(*) FROM gold.orders WHERE length(lpad(note, 1000000000, 'x')) > 0 AND region = 'US'
SELECT count(*) FROM gold.orders o JOIN gold.customers c ON o.note = c.name
SELECT min(CAST(note AS INTEGER)) OVER (ORDER BY id) FROM gold.orders
SELECT id FROM gold.orders ORDER BY CAST(note AS DOUBLE) DESC LIMIT 1
SELECT list(note) FILTER (region = 'US') FROM gold.orders
SELECT max(note) FROM gold.orders GROUP BY region HAVING region = 'US'
SELECT exp(length(note) * 1e6) FROM gold.orders WHERE id = 4
SELECT id FROM gold.orders WHERE id = 4
SELECT count(*) FROM gold.orders
SELECT count(id) FROM gold.orders
SELECT approx_count_distinct(note), histogram(region), entropy(note) FROM gold.orders
SELECT regexp_matches(note, '(a+)+$') FROM gold.orders
SELECT repeat(note, 2) FROM gold.orders WHERE region != 'EU'
SELECT * FROM gold.orders EXCEPT SELECT * FROM gold.orders WHERE region = 'EU'
SELECT (SELECT max(note) FROM gold.orders i WHERE i.id > o.id) FROM gold.orders o
SELECT * FROM gold.orders o FULL JOIN gold.orders p ON o.id = p.id + 1
SELECT kind FROM gold.orders GROUP BY ALL
SELECT kind, count(*) FROM gold.orders GROUP BY CUBE (kind)
SELECT * FROM (SELECT kind FROM gold.orders) PIVOT (count(*) FOR kind IN ('plain', 'other'))
SELECT greatest(max(kind), 'a') FROM gold.orders
SELECT 'canary' < kind FROM gold.orders
SELECT CAST(1 AS ENUM('a')) FROM gold.orders
SELECT name FROM gold.customers WHERE name LIKE '%CANARY%'
SELECT count(*) FROM gold.customers WHERE name = 'Name 1 CANARY'
SELECT id FROM gold.customers ORDER BY name DESC LIMIT 5
SELECT length(name), hash(name), md5(name) FROM gold.customers
SELECT min(name), max(name), approx_top_k(name, 50) FROM gold.customers
SELECT name COLLATE nocase = 'name 1 canary' FROM gold.customers
SELECT CAST(name AS INTEGER) FROM gold.customers
SELECT strptime(name, '%Y') FROM gold.customers
SELECT name::DATE FROM gold.customers
SELECT CAST(name AS STRUCT(a INTEGER)) FROM gold.customers
SELECT json(name) FROM gold.customers
SELECT error(name) FROM gold.customers
SELECT unnest(string_split(name, ' ')) FROM gold.customers
SELECT regexp_replace(name, '\*', '') FROM gold.customers
SELECT jaro_similarity(name, 'Name 1 CANARY') FROM gold.customers
-- Quotes, letters and characters that look alike.
SELECT "ema" "il" FROM gold.customers
SELECT "email" FROM gold.customers
SELECT "EMAİL" FROM gold.customers
SELECT "ｅmail" FROM gold.customers
SELECT еmail FROM gold.customers
SELECT U&"em\0061il" FROM gold.customers
SELECT 'email' FROM gold.customers WHERE "email" = 'x'
SELECT customers."email" FROM gold.customers
SELECT "gold.customers".email FROM gold.customers
SELECT * FROM "gold"."customers" AS "c(email)"
SELECT "c(email)".email FROM "gold"."customers" AS "c(email)"
SELECT * FROM "hr"".""salaries"
SELECT * FROM "hr"."salaries"" --"
SELECT * FROM gold.customers AS "x"" FROM hr.salaries --"
SELECT id AS "x"", (SELECT note FROM hr.salaries) AS ""y" FROM gold.products
SELECT id AS "a' UNION SELECT note FROM hr.salaries --" FROM gold.products LIMIT 1
SELECT ''' UNION SELECT note FROM hr.salaries --' AS a
SELECT $$' UNION SELECT note FROM hr.salaries --$$ AS a
SELECT E'\' UNION SELECT note FROM hr.salaries --' AS a
SELECT {'a" , (SELECT note FROM hr.salaries) , "b': 1} AS a
SELECT MAP {'"': '''', '/*': '*/'} AS a
SELECT COLUMNS('id"|''; SELECT * FROM hr.salaries') FROM gold.products
SELECT * FROM gold.products p("a"" FROM hr.salaries --", b)
SELECT * RENAME (id AS "x"" FROM hr.salaries --") FROM gold.products
SELECT struct_pack("a"") FROM hr.salaries --" := 1)
SELECT list_transform([1], lambda "x"" FROM hr.salaries --": 1)
WITH "x"" AS (SELECT 1) SELECT * FROM hr.salaries --" AS (SELECT 1) SELECT 1
WITH "kpi " AS (SELECT 1 AS x) SELECT * FROM kpi
WITH "KPI" AS (SELECT 1 AS x) SELECT label FROM kpi
WITH "ＫPI" AS (SELECT 1 AS x) SELECT * FROM kpi
SELECT sum(id) OVER "w"" FROM hr.salaries --" FROM gold.products WINDOW "w"" FROM hr.salaries --" AS (ORDER BY id)
SELECT CAST('x' AS ENUM('x'')) FROM hr.salaries --'))
SELECT 'a' COLLATE "de; SELECT * FROM hr.salaries"
PIVOT gold.products ON "group" IN ('a'' FROM hr.salaries --') USING count(*)
PIVOT gold.products ON "group" USING count(*) AS "x"" FROM hr.salaries --"
PIVOT gold.products ON "group" USING count(*) GROUP BY "id"", (SELECT 1 FROM hr.salaries) --"
UNPIVOT (SELECT 1 AS a) ON a INTO NAME "n"" FROM hr.salaries --" VALUE v
SELECT 1;SELECT * FROM hr.salaries
SELECT 1;;SELECT * FROM hr.salaries
SELECT 1 /* */; /* */ SELECT * FROM hr.salaries
SELECT 1 -- ; SELECT * FROM hr.salaries
SELECT/**/email/**/FROM/**/gold.customers
SELECT email FROM gold . customers
SELECT gold . customers . email FROM gold.customers
SeLeCt EmAiL fRoM gOlD.cUsToMeRs
SELECT email﻿ FROM gold.customers
﻿SELECT email FROM gold.customers
SELECT e‌mail FROM gold.customers
SELECT ‮liame‬ FROM gold.customers
-- Names that the wrapping of tables or the pipeline might take for its own.
SELECT _t.note FROM gold.orders _t
SELECT * FROM gold.orders AS "_T"
WITH "_T" AS (SELECT 'EU' AS region) SELECT * FROM gold.orders
SELECT * FROM (SELECT TIMESTAMP '2999-01-01' AS "current_date", 'EU' AS region) x, LATERAL (FROM gold.orders) o
SELECT (SELECT max(note) FROM gold.orders) FROM (SELECT 'US' AS region) x
SELECT * FROM (SELECT 'EU' AS region, id FROM gold.products) orders, gold.orders
SELECT orders.note FROM (SELECT 1 AS note) orders JOIN gold.orders ON true
SELECT * FROM gold.orders orders JOIN gold.orders USING (region)
SELECT list_transform(list(note), lambda region: region) FROM gold.orders
SELECT list_transform([1], lambda _t: _t)
SELECT __internal_barrier(note) FROM gold.orders
SELECT left(name, 1) || '***' FROM gold.customers AS customers(id, name)
SELECT pivot_0000.email FROM gold.customers pivot_0000
PIVOT (SELECT 'pivot_' AS p) ON p USING count(*)
SELECT * FROM recurring.orders
WITH RECURSIVE orders AS (SELECT 1 AS n UNION ALL SELECT n FROM recurring.orders WHERE n < 0) FROM gold.orders
-- Rows and columns by way of structs, documents, joins, windows and pivots; files; sessions.
SELECT list_aggregate(scores, 'first') FROM gold.customers
SELECT list_aggregate([kind], 'histogram') FROM gold.orders
SELECT array_agg(o)[1] FROM gold.orders o WHERE o.id = 4
SELECT max(struct_pack(n := note)) FROM gold.orders
SELECT approx_quantile(id, 0.5) FROM gold.orders WHERE note > 'C'
SELECT json_serialize_sql('select 1')
SELECT json_deserialize_sql('{}')
SELECT from_json(to_json(c), '{"email": "VARCHAR", "ssn": "VARCHAR"}') FROM gold.customers c
SELECT json_transform(to_json(c), '{"email": "VARCHAR"}') FROM gold.customers c
SELECT to_json(c)->>'email' FROM gold.customers c
SELECT c::JSON->>'email' FROM gold.customers c
SELECT c::STRUCT(email VARCHAR) FROM gold.customers c
SELECT (c::VARIANT).email FROM gold.customers c
SELECT variant_extract(c::VARIANT, 'email') FROM gold.customers c
SELECT map_keys(c::MAP(VARCHAR, VARCHAR)) FROM gold.customers c
SELECT json_group_object(k, v) FROM (UNPIVOT (SELECT COLUMNS(*)::VARCHAR FROM gold.customers) ON COLUMNS(*) INTO NAME k VALUE v)
SELECT * FROM gold.customers LEFT JOIN (SELECT 1 AS email) ON true
SELECT * FROM gold.customers c JOIN gold.contacts k USING (id)
SELECT * FROM gold.contacts
SELECT struct_keys(k) FROM gold.contacts k
SELECT * FROM gold.contacts WHERE address LIKE '%CANARY%'
SELECT * FROM gold.city_sizes
SELECT c.* FROM gold.customers c, (SELECT 'x' AS email) e WHERE c.id = 1
SELECT e.email FROM gold.customers c, (SELECT 'x' AS email) e WHERE c.id = 1
SELECT * EXCLUDE (id), COLUMNS(*) FROM gold.customers
SELECT COLUMNS(lambda c: true)::VARCHAR FROM gold.customers
SELECT ANY_VALUE(COLUMNS(*)) FROM gold.customers
SELECT first(o.*) FROM gold.orders o
SELECT unnest(list(o), recursive := true) FROM gold.orders o
SELECT arg_min(o, CASE WHEN region = 'US' THEN 0 ELSE 1 END) FROM gold.orders o
SELECT list_filter(list(note), lambda n: n LIKE 'CAN%') FROM gold.orders
SELECT list_reduce(list(note), lambda a, b: a || b) FROM gold.orders
SELECT string_agg(note) FROM gold.orders HAVING bool_or(region = 'US')
SELECT o.note FROM gold.orders o RIGHT JOIN range(300) r(i) ON o.id = r.i WHERE o.id IS NULL
SELECT o.note FROM range(400) r(i) LEFT JOIN gold.orders o ON o.id = r.i WHERE i % 4 = 0
SELECT * FROM gold.orders ASOF JOIN (SELECT 4 AS id) x USING (id)
SELECT * FROM (SELECT 4 AS id) x ASOF LEFT JOIN gold.orders o ON x.id >= o.id
SELECT * FROM gold.orders POSITIONAL JOIN gold.customers
SELECT note FROM gold.orders TABLESAMPLE 50% (bernoulli, 3)
SELECT note FROM gold.orders USING SAMPLE reservoir(300 ROWS)
SELECT note FROM gold.orders UNION ALL SELECT note FROM gold.orders WHERE region = 'US'
WITH RECURSIVE r AS (SELECT * FROM gold.orders UNION SELECT * FROM r) SELECT note FROM r
WITH RECURSIVE r(id, note) USING KEY (id) AS (SELECT id, note FROM gold.orders UNION SELECT r.id, r.note FROM r JOIN recurring.r AS q USING (id)) FROM r
SELECT (SELECT note FROM gold.orders WHERE id = 4)
SELECT EXISTS (FROM gold.orders WHERE id = 4)
SELECT 4 IN (SELECT id FROM gold.orders)
SELECT count(*) FROM gold.orders GROUP BY note HAVING note LIKE 'CANARY%'
SELECT DISTINCT ON (region) region, note FROM gold.orders ORDER BY region DESC, note
SELECT lead(note) OVER (ORDER BY id), lag(note) OVER (ORDER BY id) FROM gold.orders
SELECT first_value(note) OVER (PARTITION BY region ORDER BY id DESC) FROM gold.orders
SELECT nth_value(note, 4) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM gold.orders
SELECT note FROM gold.orders ORDER BY id LIMIT 10 OFFSET 290
SELECT note FROM gold.orders LIMIT (SELECT max(id) FROM gold.orders)
PIVOT gold.orders ON region USING first(note)
PIVOT gold.orders ON region IN ('US', 'EU') USING max(note)
PIVOT gold.orders ON (region, status) USING max(note)
FROM gold.orders PIVOT (max(note) FOR region IN ('US', 'EU'))
FROM gold.orders PIVOT (max(note) FOR kind IN ('canary'))
UNPIVOT (SELECT id, note, region FROM gold.orders) ON note, region INTO NAME n VALUE v
UNPIVOT (SELECT id, note::VARCHAR AS note, kind::VARCHAR AS kind FROM gold.orders) ON COLUMNS(* EXCLUDE (id)) INTO NAME n VALUE v
SELECT st_astext(st_geomfromgeojson('{"type":"Point","coordinates":[1,2]}'))
SELECT parse_path('/etc/passwd'), parse_filename('/etc/passwd'), path_join('/etc', 'passwd')
SELECT * FROM json_each('/etc/passwd')
SELECT * FROM read_json('/etc/passwd')
SELECT * FROM '/etc/passwd'
SELECT content FROM read_text('/etc/passwd')
FROM 'data.parquet' SELECT *
FROM 's3://bucket/x.parquet'
FROM "https://example.org/data.csv"
COPY (SELECT 1) TO 'x.csv'
COPY gold.orders TO STDOUT
SELECT * FROM (COPY gold.orders TO 'x.csv')
EXPORT DATABASE 'x'
INSTALL httpfs
LOAD 'x.so'
SET enable_external_access = true
SET VARIABLE x = 1
RESET ALL
PRAGMA enable_profiling
CALL duckdb_tables()
ATTACH ':memory:' AS m
ATTACH 'postgres:host=127.0.0.1' AS p (TYPE postgres)
USE memory
CREATE TEMP VIEW orders AS SELECT * FROM hr.salaries
CREATE OR REPLACE TEMP MACRO upper(x) AS (SELECT max(note) FROM hr.salaries)
CREATE TEMP TABLE kpi2 AS FROM main.kpi
CREATE TYPE x AS ENUM (SELECT note FROM hr.salaries)
COMMENT ON TABLE gold.orders IS 'x'
ANALYZE
VACUUM
CHECKPOINT
BEGIN; DELETE FROM gold.orders; COMMIT
UPDATE EXTENSIONS
DETACH DATABASE shop
SHOW DATABASES
SHOW VARIABLES
DESCRIBE
SHOW ALL TABLES
EXECUTE x
DEALLOCATE x
PREPARE x AS SELECT 1
SELECT * FROM pragma_user_agent()
SELECT * FROM duckdb_optimizers()
SELECT * FROM duckdb_keywords()
SELECT * FROM duckdb_variables()
SELECT * FROM duckdb_prepared_statements()
SELECT * FROM duckdb_external_file_cache()
SELECT * FROM duckdb_log_contexts()
SELECT * FROM duckdb_temporary_files()
SELECT * FROM duckdb_types()
SELECT * FROM duckdb_dependencies()
SELECT * FROM duckdb_indexes()
SELECT * FROM duckdb_schemas()
SELECT * FROM duckdb_sequences()
SELECT * FROM duckdb_which_secret('s3://x', 's3')
SELECT * FROM pragma_metadata_info()
SELECT * FROM pragma_database_size()
SELECT * FROM pragma_collations()
SELECT * FROM pragma_last_profiling_output()
SELECT * FROM icu_calendar_names()
SELECT * FROM pg_timezone_names()
SELECT current_schemas(false), current_catalog(), current_role
SELECT pg_get_expr('x', 1), format_type(1, 2), pg_get_constraintdef(1), obj_description(1), shobj_description(1, 'x')
SELECT inet_client_addr(), pg_postmaster_start_time(), pg_conf_load_time()
SELECT has_schema_privilege('hr', 'usage'), pg_has_role('x', 'y'), pg_table_is_visible(1)
SELECT is_histogram_other_bin(1), __internal_decompress_string(1::UTINYINT)
SELECT struct_extract_at(c, 3) FROM gold.customers c
SELECT c[3] FROM gold.customers c
SELECT struct_values(c) FROM gold.customers c
SELECT hash(c) FROM gold.customers c
SELECT md5(c::VARCHAR) FROM gold.customers c
SELECT bit_count(hash(note)::BIT) FROM gold.orders
SELECT lttb(id, id, 3) FROM gold.orders WHERE region = 'US'
SELECT time_bucket(INTERVAL 1 DAY, ordered_at) FROM gold.orders WHERE note LIKE 'C%'
