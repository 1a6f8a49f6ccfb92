-- One row per order. Whatever comes twice, the message or the order, meets one of the two keys.
CREATE TABLE orders (
  order_id text PRIMARY KEY CHECK (order_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  message_id text NOT NULL UNIQUE CHECK (message_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  customer text NOT NULL CHECK (char_length(customer) BETWEEN 1 AND 200),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  items jsonb NOT NULL CHECK (jsonb_typeof(items) = 'array' AND items <> '[]'),
  total numeric(20, 2) NOT NULL CHECK (total >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
