# SPDX-License-Identifier: GPL-2.0-or-later
"""What ends PostgreSQL, or parts of it, while others use it."""
from load import *


def backends(db):
    return db.column("select pid from pg_stat_activity where datname = current_database() "
                     "and application_name = 'patchmail'")


def end_backends(db):
    db.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
           "and application_name = 'patchmail'")


def is_there(pid):
    try:
        return pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[0] != 'Z'
    except (FileNotFoundError, ProcessLookupError):
        return False


def answers():
    db = Database(server.conninfo_of('postgres'))
    try:
        return db.run('select 1') == ['1']
    except (RuntimeError, OSError):
        return False
    finally:
        with contextlib.suppress(OSError):
            db.close()


def close_all():
    """The tests' own connections, which the server's end would end."""
    for db in [server.admin, *server.databases]:
        with contextlib.suppress(OSError):
            db.close()
        db.psql = None


def kill_backend(db):
    """The server ends all others then, and recovers."""
    pids = backends(db)
    close_all()
    for pid in pids[:1]:
        os.kill(pid, signal.SIGKILL)
        wait_for('the backend to go', lambda: not is_there(pid))
    wait_for('the server', answers)


def data_directory():
    return pathlib.Path(re.search(r'host=(\S+)', server.conninfo)[1]) / 'data'


def end_server(number):
    """Without a program that would have to be started first: mails come in meanwhile."""
    pid = int((data_directory() / 'postmaster.pid').read_text().split('\n')[0])
    children = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
    os.kill(pid, number)
    close_all()
    wait_for('the server to go', lambda: not any(is_there(one) for one in [pid, *children]))
    # Where nobody buries the dead, the server would take it for alive.
    for file in [data_directory() / 'postmaster.pid', data_directory().parent / '.s.PGSQL.5432.lock']:
        file.unlink(missing_ok=True)


def kill_postmaster(_=None):
    end_server(signal.SIGKILL)
    server.start()


def restart(_=None):
    end_server(signal.SIGINT)
    server.start()
