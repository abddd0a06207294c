"""The same models behind ordinary Django REST framework: nested ModelSerializers with select_related and prefetch_related.

What a good developer would write who knows the framework and nothing of shapes and plans. It shows launches and spacecraft
flights (lists, details, filters, search) with the bytes that Launchledger writes, so that both do the same work.
"""
