-- The cleaned layer: soft deletes, test rows, history, balances, rates and mixed units.
CREATE TABLE clean.customers AS
SELECT id AS customer_id, first || ' ' || last AS customer_name, email, phone, street, zip AS postal_code,
    ['Berlin', 'Lyon', 'Leeds', 'Malmö', 'Bilbao', 'Hamburg'][1 + pick(id, 11, 6)] AS city,
    ['Germany', 'Germany', 'Germany', 'France', 'France', 'United Kingdom', 'Sweden', 'Spain'][1 + pick(id, 7, 8)] AS country,
    ['retail', 'retail', 'retail', 'business', 'business', 'public'][1 + pick(id, 5, 6)] AS segment,
    day_of(id, 37)::TIMESTAMP + to_minutes(id) AS created_at, TIMESTAMP '2025-06-30 04:00:00' AS loaded_at,
    id % 29 = 0 AS is_deleted, id % 47 = 0 AS is_test
FROM people;

CREATE TABLE clean.customers_history AS
WITH spans AS (
    SELECT customer_id, country, city, v, created_at::DATE + (v * 120)::INTEGER AS valid_from,
        ['retail', 'business', 'public'][1 + pick(customer_id + v, 5, 3)] AS segment,
        1000 + 250 * pick(customer_id + v, 13, 20) AS credit_limit
    FROM clean.customers, range(3) r(v) WHERE v <= customer_id % 3
)
SELECT customer_id, segment, country, city, credit_limit, valid_from,
    lead(valid_from) OVER (PARTITION BY customer_id ORDER BY v) AS valid_to,
    lead(valid_from) OVER (PARTITION BY customer_id ORDER BY v) IS NULL AS is_current
FROM spans;

CREATE TABLE clean.kunden AS
SELECT id AS kunden_nr, first AS vorname, last AS nachname, born AS geburtsdatum, street AS strasse, phone AS telefon,
    ['Berlin', 'Hamburg'][1 + id % 2] AS ort, id % 29 = 0 AS geloescht
FROM people WHERE pick(id, 7, 8) < 3;

CREATE TABLE clean.clients_fr AS
SELECT id AS client_no, first AS prenom, last AS nom, email AS courriel, born::DATE AS date_naissance, 'Lyon' AS ville
FROM people WHERE pick(id, 7, 8) IN (3, 4);

CREATE TABLE clean.employees AS
SELECT id + 9000 AS employee_id, first || ' ' || last AS val_a, nhs AS val_b,
    ['Sales', 'Logistics', 'Service', 'Finance'][1 + id % 4] AS department,
    DATE '2018-01-01' + (id * 31)::INTEGER AS hired_on, CASE WHEN id % 6 = 0 THEN DATE '2024-09-30' END AS left_on
FROM people WHERE id <= 80;

CREATE TABLE clean.orders AS
SELECT i AS order_id, 1 + pick(i, 97, 500) AS customer_id, 1 + i % 12 AS branch_id,
    day_of(i, 613)::TIMESTAMP + to_minutes(pick(i, 211, 1440)) AS order_ts, day_of(i, 613) + (5 + i % 9)::INTEGER AS requested_date,
    CASE WHEN i % 8 <> 0 THEN day_of(i, 613) + (1 + i % 6)::INTEGER END AS shipped_date,
    CASE WHEN i % 10 <> 0 THEN day_of(i, 613) + (3 + i % 20)::INTEGER END AS invoiced_date,
    TIMESTAMP '2025-06-30 04:00:00' AS loaded_at, ['shop', 'phone', 'online', 'online', 'shop', 'online'][1 + pick(i, 19, 6)] AS channel,
    CASE WHEN i % 15 = 0 THEN 'cancelled' WHEN i % 8 = 0 THEN 'open' ELSE 'completed' END AS status,
    (20 + pick(i, 7919, 98000) / 100)::DECIMAL(12, 2) AS net_amount, (pick(i, 3, 5) / 20)::DECIMAL(4, 2) AS discount_rate,
    i % 53 = 0 AS is_deleted, i % 101 = 0 AS is_test
FROM range(1, 6001) r(i);

CREATE TABLE clean.products AS
SELECT i AS product_id, ['Spade', 'Hose', 'Lamp', 'Bench', 'Seed mix', 'Pump', 'Drill', 'Rake'][1 + i % 8] || ' ' || (100 + i) AS product_name,
    ['Tools', 'Watering', 'Lighting', 'Furniture', 'Seeds', 'Machines'][1 + pick(i, 5, 6)] AS category,
    ['Fjord', 'Kestrel', 'Terrano', 'Luma'][1 + pick(i, 7, 4)] AS brand, (3 + pick(i, 41, 30000) / 100)::DECIMAL(10, 2) AS list_price,
    2015 + i % 9 AS launch_year, i % 40 = 0 AS is_deleted, (4000000000000 + i * 7919)::VARCHAR AS ean13
FROM range(1, 161) r(i);

CREATE TABLE clean.products_history AS
SELECT product_id, list_price + v AS list_price, DATE '2022-04-01' + (v * 300)::INTEGER AS valid_from,
    CASE WHEN v < 2 THEN DATE '2022-04-01' + ((v + 1) * 300)::INTEGER END AS valid_to, v = 2 AS is_current
FROM clean.products, range(3) r(v);

CREATE TABLE clean.fx_rates AS
SELECT c AS currency, DATE '2024-04-01' + d::INTEGER AS rate_date, (0.8 + pick(d + length(c), 17, 60) / 100)::DECIMAL(8, 4) AS rate
FROM (VALUES ('GBP'), ('SEK'), ('USD')) v(c), range(455) r(d);

CREATE TABLE clean.tickets AS
SELECT i AS ticket_id, 1 + pick(i, 61, 500) AS customer_id, day_of(i, 307) AS opened_on,
    CASE WHEN i % 6 <> 0 THEN day_of(i, 307) + (i % 14)::INTEGER END AS closed_on,
    ['delivery', 'delivery', 'invoice', 'quality', 'other'][1 + i % 5] AS category, ['low', 'normal', 'normal', 'high'][1 + pick(i, 7, 4)] AS priority,
    p.note AS body
FROM range(1, 901) r(i) JOIN people p ON p.id = 1 + pick(i, 61, 500);
