-- Views of every kind over gold.orders, whose rows outside 'EU' hold SECRET.
create view gold.o1 as from gold.orders;
create view gold.o2 as from gold.o1;
create view gold.o3 as select count(*) n, max(note) m from gold.orders;
create view gold.o4 as from gold.o3;
create view gold.o5 as with w as (from gold.orders) from w;
create view gold.o6 as select (select max(note) from gold.orders) as zz;
create macro ro() as (select max(note) from gold.orders);
create view gold.o7 as select ro() as zz;
create view gold.o9 as from query_table('gold.orders');
create table silver.bare as from gold.orders;
create view gold.o8 as from silver.bare;
