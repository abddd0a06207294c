"""The same models behind ordinary Django REST framework: nested ModelSerializers with select_related and prefetch_related.

The code of a good developer who knows the framework and nothing of shapes and plans. It serves launches and spacecraft flights
(lists, details, filters, search) with the same bytes as Launchledger, so that both do the same work.
"""
