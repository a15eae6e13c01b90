"""Identities. Each is a type of its own, so that one can't be passed for another."""

from typing import NewType

CustomerId = NewType("CustomerId", int)
"""A customer's Telegram user id; in a private chat it is the chat's id too. Fits 52 bits (Bot API, User.id)."""

DialogId = NewType("DialogId", str)
"""13 characters of Crockford's base 32: 65 random bits, so that a button's dialog can't be guessed."""

LeadId = NewType("LeadId", str)
"""A lead has the id of the dialog it was collected in: a second tap on «Отправить» finds the first lead."""

MessageId = NewType("MessageId", str)
"""13 characters of Crockford's base 32 for one free message: its row in the journal, and the form offered upon it."""

InputId = NewType("InputId", int)
"""The number the messenger gave to one customer input (Telegram's update_id); a repeat carries the same one."""

FileId = NewType("FileId", str)
"""The messenger's name for a photo or another file that it keeps (Telegram's file_id)."""

Reference = NewType("Reference", str)
"""`CQ-` and six characters of Crockford's base 32, unique; what customers and managers call a lead by."""

Source = NewType("Source", str)
"""Where the customer came from: a deep link's payload, 1 … 64 characters of `A-Za-z0-9_-`."""
