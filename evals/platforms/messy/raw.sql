-- What the source systems deliver: cryptic names, everything twice, nothing cleaned.
-- `people` is given; pick(i, p, n) spreads i over 0..n-1 the same way every time.
CREATE SCHEMA raw; CREATE SCHEMA clean; CREATE SCHEMA mart;
CREATE MACRO pick(i, p, n) AS ((i * p + p // 3) % n);
CREATE MACRO day_of(i, p) AS DATE '2022-04-01' + CAST(pick(i, p, 1187) AS INTEGER);

CREATE TABLE raw.t_kna1 AS
SELECT lpad(id::VARCHAR, 10, '0') AS kunnr, ['DE', 'DE', 'DE', 'FR', 'FR', 'GB', 'SE', 'ES'][1 + pick(id, 7, 8)] AS land1,
    first || ' ' || last AS name1, ['Berlin', 'Lyon', 'Leeds', 'Malmö', 'Bilbao', 'Hamburg'][1 + pick(id, 11, 6)] AS ort01,
    zip AS pstlz, street AS stras, phone AS telf1, CASE WHEN id % 29 = 0 THEN 'X' ELSE '' END AS loevm,
    ['RT', 'RT', 'RT', 'BU', 'BU', 'PU'][1 + pick(id, 5, 6)] AS kukla, strftime(day_of(id, 37), '%Y%m%d') AS erdat
FROM people;

CREATE TABLE raw.cust_mstr_v2_bak AS
SELECT id AS cm_id, last || ', ' || first AS cm_nm, email AS cm_em, phone AS cm_c1, born::DATE AS cm_dt1,
    CASE WHEN id % 3 = 0 THEN 'N' ELSE 'Y' END AS cm_flg
FROM people WHERE id <= 430;

CREATE TABLE raw.crm_contacts AS
SELECT id + 70000 AS cid, first AS f1, last AS f2, email AS f3, phone AS f4,
    ['web', 'fair', 'call'][1 + id % 3] AS src, day_of(id, 41)::TIMESTAMP + to_minutes(id) AS crt_ts
FROM people WHERE id % 4 <> 0;

CREATE TABLE raw.t_pa0002 AS
SELECT id + 9000 AS pernr, first AS vorna, last AS nachn, born AS gbdat, nhs AS perid, id % 3 AS famst
FROM people WHERE id <= 80;

CREATE TABLE raw.t_pa0009 AS
SELECT id + 9000 AS pernr, 'DE' AS banks, iban AS bankn, 'U' AS zlsch FROM people WHERE id <= 80;

CREATE TABLE raw.t_vbak AS
SELECT lpad((i + 4500000)::VARCHAR, 10, '0') AS vbeln, strftime(day_of(i, 613), '%Y%m%d') AS erdat,
    lpad((1 + pick(i, 97, 500))::VARCHAR, 10, '0') AS kunnr, ['TA', 'RE', 'SO'][1 + i % 3] AS auart,
    round(20 + pick(i, 7919, 98000) / 100, 2)::DECIMAL(12, 2) AS netwr, 'EUR' AS waerk, 1000 + i % 12 AS vkorg
FROM range(1, 6001) r(i);

CREATE TABLE raw.t_mara AS
SELECT lpad(i::VARCHAR, 18, '0') AS matnr, 'HAWA' AS mtart, 'Item ' || i AS maktx, lpad((i % 9)::VARCHAR, 4, '0') AS matkl,
    'ST' AS meins, round(0.2 + pick(i, 31, 900) / 100, 2) AS ntgew, (4000000000000 + i * 7919)::VARCHAR AS ean11
FROM range(1, 161) r(i);

CREATE TABLE raw.pay_gateway_log AS
SELECT i AS log_id, day_of(i, 233)::TIMESTAMP + to_seconds(pick(i, 5003, 86400)) AS ts, 5 + pick(i, 71, 9000) / 100 AS amt,
    p.card AS val_1, ['00', '05', '51'][1 + i % 3] AS resp, i % 2 = 0 AS is_3ds
FROM range(1, 1501) r(i) JOIN people p ON p.id = 1 + pick(i, 89, 500);

CREATE TABLE raw.referrals AS
SELECT id AS ref_id, nhs AS x_id, day_of(id, 53) AS recv_dt, 'R' || id % 9 AS dept_cd FROM people WHERE id % 2 = 0;

CREATE TABLE raw.support_mail AS
SELECT id AS mail_id, day_of(id, 59)::TIMESTAMP + to_minutes(id * 3) AS recv_ts, note AS txt, id % 5 AS prio_cd FROM people;

CREATE TABLE raw.newsletter_log AS
SELECT i AS send_id, p.email AS rcpt, i % 12 AS campaign_no, i % 5 = 0 AS email_opened, i % 3 AS bounce_cnt,
    day_of(i, 17) AS sent_on
FROM range(1, 801) r(i) JOIN people p ON p.id = 1 + pick(i, 83, 500);
