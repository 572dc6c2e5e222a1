int main_placeholder_app;
