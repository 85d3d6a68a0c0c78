-- What the business reads, with some columns whose names say nothing of the people in them.
CREATE TABLE mart.dim_customer AS
SELECT customer_id, segment, country, city, created_at::DATE AS signup_date, email AS attr_07, phone AS contact_ref
FROM clean.customers WHERE NOT is_deleted AND NOT is_test;

CREATE TABLE mart.dim_product AS
SELECT product_id, product_name, category, brand, list_price, launch_year FROM clean.products WHERE NOT is_deleted;

CREATE TABLE mart.dim_branch AS
SELECT i AS branch_id, ['North', 'South', 'East', 'West'][1 + i % 4] || ' ' || i AS branch_name,
    ['North', 'South', 'East', 'West'][1 + i % 4] AS region, DATE '2010-03-01' + (i * 200)::INTEGER AS opened_on, 300 + 45 * i AS floor_area_m2
FROM range(1, 13) r(i);

CREATE TABLE mart.dim_supplier AS
SELECT i AS supplier_id, 'Supplier ' || i || ' GmbH' AS supplier_name, ['Germany', 'Poland', 'Italy'][1 + i % 3] AS country,
    1 + pick(i, 3, 5) AS rating, i % 7 <> 0 AS is_active
FROM range(1, 61) r(i);

CREATE TABLE mart.dim_employee_hist AS
SELECT employee_id, val_a AS x1, department, ['A', 'B', 'C'][1 + (employee_id + v) % 3] AS grade,
    hired_on + (v * 400)::INTEGER AS valid_from, CASE WHEN v = 0 THEN hired_on + 400 END AS valid_to, v = 1 AS is_current
FROM clean.employees, range(2) r(v);

CREATE TABLE mart.fct_orders AS
SELECT order_id, customer_id, branch_id, order_ts::DATE AS order_date, shipped_date AS ship_date, invoiced_date AS invoice_date,
    channel, status, net_amount AS net_amount_eur, (4 + order_id % 6)::DECIMAL(8, 2) AS shipping_fee_eur, discount_rate, loaded_at
FROM clean.orders WHERE NOT is_deleted AND NOT is_test AND order_ts < TIMESTAMP '2025-07-01';

CREATE TABLE mart.fct_order_lines AS
SELECT order_id * 10 + n AS order_line_id, order_id, 1 + pick(order_id + n * 7, 43, 160) AS product_id, order_date,
    1 + pick(order_id + n, 11, 9) AS quantity, (net_amount_eur / (1 + order_id % 3))::DECIMAL(12, 2) AS line_amount_eur
FROM mart.fct_orders, range(3) r(n) WHERE n <= order_id % 3;

CREATE TABLE mart.fct_payments AS
SELECT o.order_id + 800000 AS payment_id, o.order_id, o.invoice_date + (order_id % 25)::INTEGER AS paid_on,
    ['card', 'transfer', 'cash', 'voucher'][1 + pick(o.order_id, 23, 4)] AS method, o.net_amount_eur + o.shipping_fee_eur AS amount_eur,
    p.iban AS ref_txt
FROM mart.fct_orders o JOIN people p ON p.id = o.customer_id
WHERE o.status = 'completed' AND o.invoice_date + (order_id % 25)::INTEGER < DATE '2025-07-01';

CREATE TABLE mart.fct_returns AS
SELECT order_id * 3 AS return_id, order_id, 1 + pick(order_id, 43, 160) AS product_id, order_date + (9 + order_id % 12)::INTEGER AS returned_on,
    ['damaged', 'wrong item', 'late', 'not liked'][1 + pick(order_id, 29, 4)] AS reason, (net_amount_eur / 2)::DECIMAL(12, 2) AS refund_amount_eur,
    order_id % 31 = 0 AS is_deleted
FROM mart.fct_orders WHERE order_id % 9 = 0 AND status = 'completed' AND order_date < DATE '2025-06-01';

CREATE TABLE mart.fct_shipments AS
SELECT order_id + 300000 AS shipment_id, order_id, ['Nordpost', 'Velo', 'Cargo24'][1 + pick(order_id, 31, 3)] AS carrier, ship_date AS shipped_on,
    ship_date + (1 + order_id % 5)::INTEGER AS delivered_on, round(0.5 + pick(order_id, 37, 400) / 10, 1) AS weight_kg
FROM mart.fct_orders WHERE ship_date IS NOT NULL;

CREATE TABLE mart.fct_tickets AS
SELECT ticket_id, customer_id, opened_on, closed_on, category, priority FROM clean.tickets WHERE opened_on < DATE '2025-07-01';

CREATE TABLE mart.fct_stock_daily AS
SELECT DATE '2025-06-01' + d::INTEGER AS stock_date, branch_id, product_id, 5 + pick(d + branch_id * 7 + product_id, 13, 40) AS on_hand_units
FROM range(30) r(d), mart.dim_branch, mart.dim_product WHERE product_id <= 40;

CREATE TABLE mart.fct_account_balance AS
SELECT (DATE '2025-01-31' + to_months(m::INTEGER))::DATE AS balance_date, a AS account_id, (1000 + pick(a + m, 97, 50000) / 10)::DECIMAL(14, 2) AS balance_eur
FROM range(6) r(m), range(101, 151) s(a);

CREATE TABLE mart.fct_energy_reading AS
SELECT i AS reading_id, 1 + i % 12 AS branch_id, DATE '2024-04-01' + (i // 12 * 7)::INTEGER AS read_on,
    CASE WHEN i % 5 = 0 THEN 1.2 + i % 3 ELSE 900.0 + i % 400 END AS reading, CASE WHEN i % 5 = 0 THEN 'MWh' ELSE 'kWh' END AS unit
FROM range(1, 700) r(i);

CREATE TABLE mart.fct_visits AS
SELECT DATE '2024-04-01' + d::INTEGER AS visit_date, branch_id, 80 + pick(d + branch_id, 53, 300) AS visitors,
    (0.1 + pick(d + branch_id, 29, 30) / 100)::DECIMAL(4, 2) AS conversion_rate
FROM range(456) r(d), mart.dim_branch;
