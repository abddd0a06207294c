from django.urls import path

from launchledger.explorer.views import FirstPage

urlpatterns = [path("", FirstPage.as_view(), name="first_page")]
