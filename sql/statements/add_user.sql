-- A user who can log in by token only, with the profile that Patchwork makes; people with this
-- address are that user. $1 text: name; $2 text: address. -> id; no row: there is one already
with added as (
    insert into auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
        date_joined)
    values ('!', false, $1::text, '', '', $2::text, false, true, now())
    on conflict (username) do nothing
    returning id
), profile as (
    insert into patchwork_userprofile (send_email, items_per_page, show_ids, user_id)
    select false, 100, false, a.id from added a
), person as (
    update patchwork_person p
    set user_id = a.id
    from added a
    where upper(p.email) = upper($2::text) and p.user_id is null
)
select a.id from added a
