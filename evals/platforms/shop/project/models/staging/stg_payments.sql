select
    id as payment_id,
    order_id,
    method as payment_method,
    cast(amount_cents / 100 as decimal(10, 2)) as amount,
    cast(paid_at as date) as paid_on
from {{ ref('raw_payments') }}
