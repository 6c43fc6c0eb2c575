-- Tokens that begin so; their rest is compared outside, in constant time. $1 text: the first
-- characters. -> key, user_id, is_active
select t.key, t.user_id, u.is_active
from authtoken_token t
join auth_user u on u.id = t.user_id
where t.key >= $1::text and t.key < $1::text || 'g'
