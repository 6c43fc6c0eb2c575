# SPDX-License-Identifier: GPL-2.0-or-later
"""Users of the tests: who maintains, who submitted, who does neither."""
import base64
import hashlib

TOKENS = {'maint': 'a1' * 20, 'ada': 'b2' * 20, 'other': 'a1' * 4 + 'c3' * 16, 'gone': 'd4' * 20}


def django_hash(password, iterations=1000):
    digest = hashlib.pbkdf2_hmac('sha256', password.encode(), b'salt', iterations)
    return f'pbkdf2_sha256${iterations}$salt${base64.b64encode(digest).decode()}'


def add_people(db, project=1):
    """maint maintains the project, ada is its submitter ada@example.org, gone may not log in any more."""
    for number, (name, token) in enumerate(TOKENS.items(), 7):
        active = str(name != 'gone').lower()
        db.run(f"""insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
            values ({number}, '{django_hash('secret-' + name)}', false, '{name}', '', '', '{name}@example.org', false, {active}, now());
            insert into patchwork_userprofile (id, send_email, items_per_page, show_ids, user_id) values ({number}, false, 100, true, {number});
            insert into authtoken_token (key, created, user_id) values ('{token}', now(), {number})""")
    db.run(f"""insert into patchwork_userprofile_maintainer_projects (userprofile_id, project_id) values (7, {project});
        update patchwork_person set user_id = 8 where email = 'ada@example.org'""")


def by(name):
    return {'Authorization': f'Token {TOKENS[name]}'}


def basic(name, password):
    return {'Authorization': 'Basic ' + base64.b64encode(f'{name}:{password}'.encode()).decode()}
