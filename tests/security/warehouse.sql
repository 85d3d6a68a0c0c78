-- What the views of this folder read. SECRET marks what a role must never see.
create schema gold;
create schema hr;
create schema silver;
create table gold.customers as
select i as id, 'n' || i as name, 'SECRET' || i as email, 'c' || i % 3 as city from range(5) t(i);
create table hr.salaries as select i as id, 'SECRET' || i as pay from range(5) t(i);
create table gold.orders as
select i as id, case when i % 2 = 0 then 'EU' else 'US' end as region,
       case when i % 2 = 0 then 'ok' else 'SECRET' end as note from range(8) t(i);
create table hr."salaries.2024" as select * from hr.salaries;
create table gold."people.x" as select id, email, email as "e.mail" from gold.customers;
create view gold.dotted as select "e.mail" as zz from gold."people.x";
create view gold.dotted_table as select * from hr."salaries.2024";
create table gold.computed (
  email varchar, domain varchar generated always as (split_part(email, '@', 2)),
  twice varchar generated always as (domain || domain));
insert into gold.computed values ('a@SECRET');
create view gold.over_computed as select twice as t from gold.computed;
