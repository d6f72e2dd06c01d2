"""Kills the server and starts it again, by the commands given from outside."""

import subprocess

import settings


def kill():
    subprocess.run(settings.KILL, shell=True, check=True, timeout=30)


def start():
    subprocess.run(settings.START, shell=True, check=True, timeout=120, stdin=subprocess.DEVNULL)
